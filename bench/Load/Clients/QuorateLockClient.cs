using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Quorate.Contracts;

namespace Quorate.Bench.Load.Clients;

/// <summary>Takes a lock of its own and gives it back with the fencing token that it got, through the gateway's REST API.</summary>
internal sealed class QuorateLockClient : Http1Client
{
    private readonly byte[] _acquirePath;
    private readonly byte[] _releasePath;
    private readonly byte[] _acquire;
    private readonly byte[] _releaseStart;
    private readonly byte[] _release;
    private LoadRun? _run;
    private long _begunAt;
    private bool _holds;

    public QuorateLockClient(IPEndPoint gateway, int number)
        : base(gateway)
    {
        var name = Name(number);
        _acquirePath = Head(gateway, Routes.Lock(name) + "/acquire");
        _releasePath = Head(gateway, Routes.Lock(name) + "/release");
        _acquire = Encoding.UTF8.GetBytes($$"""{"owner":"{{name}}","ttlMs":60000}""");
        _releaseStart = Encoding.UTF8.GetBytes($$"""{"owner":"{{name}}","fencingToken":""");
        _release = [.. _releaseStart, .. new byte[24]];
    }

    public static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"bench-{number}");

    public override void Begin(LoadRun run)
    {
        _run = run;
        _begunAt = Stopwatch.GetTimestamp();
        Post(_acquirePath, _acquire);
    }

    protected override void Answered(ReadOnlySpan<byte> body)
    {
        if (!_holds)
        {
            _holds = true;
            var token = JsonText.After(body, "\"fencingToken\":"u8, ",}"u8);
            token.CopyTo(_release.AsSpan(_releaseStart.Length));
            _release[_releaseStart.Length + token.Length] = (byte)'}';
            Post(_releasePath, _release.AsSpan(0, _releaseStart.Length + token.Length + 1));
            return;
        }

        if (JsonText.After(body, "\"remaining\":"u8, ",}"u8) is not [(byte)'0'])
        {
            throw new BenchException("a lock is still held after its release");
        }

        _holds = false;
        if (_run!.Complete(1, _begunAt))
        {
            Begin(_run);
        }
    }
}
