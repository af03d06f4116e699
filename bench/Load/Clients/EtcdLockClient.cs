using System.Diagnostics;
using System.Net;
using Quorate.Bench.Peers;

namespace Quorate.Bench.Load.Clients;

/// <summary>
/// Takes a lock of its own as etcd's recipe has it: a transaction creates the key, bound to the client's lease, if it does not exist.
/// Deleting the key gives the lock back. The lease is granted once per client, before the measurement.
/// </summary>
internal sealed class EtcdLockClient : Http2Client
{
    private readonly byte[] _txnPath;
    private readonly byte[] _deletePath;
    private readonly byte[] _txn;
    private readonly byte[] _delete;
    private LoadRun? _run;
    private long _begunAt;
    private bool _holds;

    public EtcdLockClient(IPEndPoint member, int number, long lease)
        : base(member)
    {
        var name = QuorateLockClient.Name(number);
        _txnPath = Headers(member.ToString(), EtcdApi.TxnPath, "application/grpc", ("te", "trailers"));
        _deletePath = Headers(member.ToString(), EtcdApi.DeletePath, "application/grpc", ("te", "trailers"));
        _txn = EtcdApi.CreateTxn(name, lease);
        _delete = EtcdApi.Delete(name);
    }

    public override void Begin(LoadRun run)
    {
        _run = run;
        _begunAt = Stopwatch.GetTimestamp();
        Post(_txnPath, _txn);
    }

    protected override void Answered(ReadOnlySpan<byte> body)
    {
        // TxnResponse { succeeded = 2 } and DeleteRangeResponse { deleted = 2 } have it in the same field.
        if (body.Length <= EtcdApi.FrameHeaderBytes || new ProtobufMessage(body[EtcdApi.FrameHeaderBytes..].ToArray()).Number(2) != 1)
        {
            throw new BenchException(_holds ? "etcd did not delete the lock's key" : "etcd did not create the lock's key");
        }

        _holds = !_holds;
        if (_holds)
        {
            Post(_deletePath, _delete);
        }
        else if (_run!.Complete(1, _begunAt))
        {
            Begin(_run);
        }
    }
}
