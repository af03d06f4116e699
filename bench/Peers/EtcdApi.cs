using System.Net.Http.Headers;
using Quorate.Bench.Load;

namespace Quorate.Bench.Peers;

/// <summary>etcd's gRPC by hand: requests as bytes, and one member to send them to.</summary>
internal sealed class EtcdApi(Uri address) : IDisposable
{
    public const string PutPath = "/etcdserverpb.KV/Put";
    public const string RangePath = "/etcdserverpb.KV/Range";
    public const string TxnPath = "/etcdserverpb.KV/Txn";
    public const string DeletePath = "/etcdserverpb.KV/DeleteRange";
    private const string LeasePath = "/etcdserverpb.Lease/LeaseGrant";
    private const string StatusPath = "/etcdserverpb.Maintenance/Status";

    /// <summary>Before each message: one byte says whether it is compressed, four its length.</summary>
    public const int FrameHeaderBytes = 5;

    private readonly HttpClient _http = Http2.Client(address);

    public Uri Address { get; } = address;

    /// <summary>PutRequest { key = 1, value = 2 }.</summary>
    public static byte[] Put(string key) => PutMessage(key).ToGrpcFrame();

    /// <summary>RangeRequest { key = 1 }; "serializable" is left false, so the read is linearizable.</summary>
    public static byte[] Range(string key) => new ProtobufWriter().Text(1, key).ToGrpcFrame();

    /// <summary>TxnRequest { success = 2: RequestOp { request_put = 2 } } with one put for each key of a batch, and no condition.</summary>
    public static byte[] BatchTxn()
    {
        var txn = new ProtobufWriter();
        for (var i = 0; i < Workload.BatchSize; i++)
        {
            txn.Message(2, new ProtobufWriter().Message(2, PutMessage(Workload.BatchKey(i))));
        }

        return txn.ToGrpcFrame();
    }

    /// <summary>
    /// TxnRequest { compare = 1: Compare { target = 2: CREATE, key = 3, create_revision = 5: 0 }, success = 2: RequestOp { request_put = 2 } }: the
    /// key is put only if it does not exist.
    /// </summary>
    public static byte[] CreateTxn(string key, long lease) => new ProtobufWriter()
        .Message(1, new ProtobufWriter().Number(2, 1).Text(3, key).Number(5, 0))
        .Message(2, new ProtobufWriter().Message(2, new ProtobufWriter().Text(1, key).Number(3, lease)))
        .ToGrpcFrame();

    /// <summary>DeleteRangeRequest { key = 1 }.</summary>
    public static byte[] Delete(string key) => new ProtobufWriter().Text(1, key).ToGrpcFrame();

    /// <summary>Grants a lease: LeaseGrantRequest { TTL = 1 } → LeaseGrantResponse { ID = 2 }.</summary>
    public async Task<long> GrantLeaseAsync(TimeSpan ttl, CancellationToken cancel) =>
        (await CallAsync(LeasePath, new ProtobufWriter().Number(1, (long)ttl.TotalSeconds).ToGrpcFrame(), cancel)).Number(2);

    /// <exception cref="BenchException">The member answered with another gRPC status than 0.</exception>
    public async Task<ProtobufMessage> CallAsync(string path, byte[] frame, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Version = _http.DefaultRequestVersion,
            VersionPolicy = _http.DefaultVersionPolicy,
            Content = new ByteArrayContent(frame) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using var response = await _http.SendAsync(request, cancel);
        var body = await response.Content.ReadAsByteArrayAsync(cancel);
        var status = Header(response.TrailingHeaders, "grpc-status") ?? Header(response.Headers, "grpc-status");
        return response.IsSuccessStatusCode && status == "0" && body.Length >= FrameHeaderBytes
            ? new ProtobufMessage(body.AsMemory(FrameHeaderBytes))
            : throw new BenchException($"etcd answered {path} with {(int)response.StatusCode}, grpc-status {status ?? "none"} {Header(response.TrailingHeaders, "grpc-message") ?? Header(response.Headers, "grpc-message")}");
    }

    /// <summary>The key's value and how many times it has been written; null when it does not exist.</summary>
    public async Task<(string Value, long Version)?> GetAsync(string key, CancellationToken cancel)
    {
        var response = await CallAsync(RangePath, Range(key), cancel);
        return response.Messages(2) is [var item, ..] ? (item.Text(5), item.Number(4)) : null;
    }

    public async Task<EtcdStatus> StatusAsync(CancellationToken cancel)
    {
        var response = await CallAsync(StatusPath, new ProtobufWriter().ToGrpcFrame(), cancel);
        return new EtcdStatus(response.Messages(1)[0].Number(2), response.Number(4), response.Number(6), response.Number(7));
    }

    public void Dispose() => _http.Dispose();

    private static ProtobufWriter PutMessage(string key) => new ProtobufWriter().Text(1, key).Text(2, Workload.Value);

    private static string? Header(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;
}

/// <param name="Member">Id of the member that answers.</param>
/// <param name="Leader">Id of the member that leads as far as it knows; 0 when none.</param>
internal sealed record EtcdStatus(long Member, long Leader, long Term, long AppliedIndex);
