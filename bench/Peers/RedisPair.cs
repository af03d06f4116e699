using System.Globalization;
using Quorate.Bench.Load;

namespace Quorate.Bench.Peers;

/// <summary>A Redis primary and its replica, both with an append-only file that is synced before a write is answered.</summary>
internal sealed class RedisPair(Workspace workspace, int connections) : IReplicaPair
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly List<RedisClient> _writers = [];
    private ChildProcess? _primary;
    private ChildProcess? _replica;
    private Relay? _link;
    private RedisClient? _here;
    private RedisClient? _there;

    public string Name => "Redis primary and replica";

    public IReadOnlyList<PeerProcess> Processes => [new PeerProcess("primary", _primary!.Id, true), new PeerProcess("replica", _replica!.Id, true)];

    public Relay Link => _link!;

    public async Task StartAsync(CancellationToken cancel)
    {
        var ports = Ports.Free(2);
        _link = new Relay(ports[0]);
        _primary = Start("redis-primary", ports[0]);
        _replica = Start("redis-replica", ports[1], "--replicaof", "127.0.0.1", $"{_link.Port}");
        await Wait.UntilAsync("the replica follows the primary", StartLimit, async attempt =>
        {
            _primary.EnsureRuns();
            _replica.EnsureRuns();
            using var replica = await RedisClient.ConnectAsync(ports[1], attempt);
            return (await replica.AskAsync(attempt, "INFO", "replication"))!.Contains("master_link_status:up", StringComparison.Ordinal);
        }, cancel);
        _here = await RedisClient.ConnectAsync(ports[0], cancel);
        _there = await RedisClient.ConnectAsync(ports[1], cancel);
        while (_writers.Count < connections)
        {
            _writers.Add(await RedisClient.ConnectAsync(ports[0], cancel));
        }
    }

    public Task BeginAsync(string round, CancellationToken cancel) => Task.CompletedTask;

    public byte[] Prepare(string round, int first, int count) =>
        RedisClient.Encode(Enumerable.Range(first, count).Select(number => (string[])["SET", Key(round, number), RoundDocument.Json(number)]));

    public Task WriteAsync(int connection, byte[] request, int count, CancellationToken cancel) => _writers[connection].SendAsync(request, count, static _ => { }, cancel);

    public async Task<long> ArrivedAsync(string round, CancellationToken cancel) => await CountAsync(_there!, cancel);

    public async Task<bool> HasArrivedAsync(string round, int number, CancellationToken cancel) => await _there!.AskAsync(cancel, "GET", Key(round, number)) is not null;

    public async Task<string?> WhyUnequalAsync(string round, int count, CancellationToken cancel)
    {
        var (here, there) = (await CountAsync(_here!, cancel), await CountAsync(_there!, cancel));
        if (here != count || there != count)
        {
            return $"{count} documents were written, but the primary has {here} and the replica {there}";
        }

        if (await _here!.AskAsync(cancel, "DEBUG", "DIGEST") != await _there!.AskAsync(cancel, "DEBUG", "DIGEST"))
        {
            return "primary and replica hold different documents";
        }

        return await _there!.AskAsync(cancel, "GET", Key(round, count / 2)) == RoundDocument.Json(count / 2) ? null : "a document is not the one that was written";
    }

    public async Task EndAsync(string round, CancellationToken cancel)
    {
        await _here!.AskAsync(cancel, "FLUSHALL");
        await Wait.UntilAsync("the replica is empty", StartLimit, async attempt => await CountAsync(_there!, attempt) == 0, cancel);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var client in (RedisClient?[])[.. _writers, _here, _there])
        {
            client?.Dispose();
        }

        _link?.Dispose();
        _replica?.Dispose();
        _primary?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Key(string round, int number) => $"{round}:{RoundDocument.Key(number)}";

    private static async Task<long> CountAsync(RedisClient client, CancellationToken cancel) =>
        long.Parse((await client.AskAsync(cancel, "DBSIZE"))!, CultureInfo.InvariantCulture);

    /// <summary>Defaults, but for what durability asks for, and a backlog in which the changes of an outage have room: without it the replica would fetch a whole copy.</summary>
    private ChildProcess Start(string name, int port, params string[] more)
    {
        var folder = workspace.Folder(name);
        return new ChildProcess(
            name, "redis-server", folder,
            [
                "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes", "--appendfsync", "always",
                "--repl-backlog-size", "256mb", "--client-output-buffer-limit", "replica 0 0 0", "--repl-diskless-sync-delay", "0",
                "--enable-debug-command", "local", .. more,
            ]);
    }
}
