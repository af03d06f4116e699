using System.Diagnostics;
using Quorate.Bench.Load;

namespace Quorate.Bench.Peers;

/// <summary>Three etcd processes with default settings. Load goes straight to the leader, the shortest way there is.</summary>
internal sealed class EtcdCluster : IFailoverPeer
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Workspace _workspace;
    private readonly Member[] _members;
    private readonly string _initialCluster;

    public EtcdCluster(Workspace workspace)
    {
        _workspace = workspace;
        var ports = Ports.Free(6);
        _members = [.. Enumerable.Range(0, 3).Select(i => new Member($"e{i + 1}", ports[2 * i], ports[(2 * i) + 1]))];
        _initialCluster = string.Join(',', _members.Select(member => $"{member.Name}={member.PeerUrl}"));
        PutBody = workspace.Body("etcd-put.bin", EtcdApi.Put(Workload.Key));
        RangeBody = workspace.Body("etcd-range.bin", EtcdApi.Range(Workload.Key));
        TxnBody = workspace.Body("etcd-txn.bin", EtcdApi.BatchTxn());
    }

    public string Name => "etcd";

    public IReadOnlyList<PeerProcess> Processes => [.. _members.Select(member => new PeerProcess(member.Name, member.Process!.Id, true))];

    private string PutBody { get; }

    private string RangeBody { get; }

    private string TxnBody { get; }

    public async Task StartAsync(CancellationToken cancel)
    {
        foreach (var member in _members)
        {
            Start(member);
        }

        foreach (var member in _members)
        {
            await AwaitAsync(member, status => status.Leader != 0, "has found a leader", cancel);
        }
    }

    public async Task<string?> ProveAsync(Workload workload, CancellationToken cancel)
    {
        var leader = await LeadingAsync(cancel);
        var (path, body) = Call(workload);
        var before = workload.CountedKey is { } counted ? await VersionAsync(counted, cancel) : 0;
        await leader.Api.CallAsync(path, await File.ReadAllBytesAsync(body, cancel), cancel);
        if (workload.CountedKey is not { } key)
        {
            return await VersionAsync(Workload.Key, cancel) > 0 ? null : "the key that is to be read does not exist";
        }

        var grown = await VersionAsync(key, cancel) - before;
        return grown != 1 ? $"one request wrote the key {grown} times"
            : await AskEtcdCtlAsync(leader, key, cancel) != Workload.Value ? "etcdctl does not find the value that was written"
            : null;
    }

    public async Task<LoadRequest> RequestAsync(Workload workload, CancellationToken cancel)
    {
        var leader = await LeadingAsync(cancel);
        var (path, body) = Call(workload);
        return new LoadRequest(new Uri(leader.Api.Address, path), ["content-type: application/grpc", "te: trailers"], body);
    }

    /// <summary>The API of the member that leads now.</summary>
    public async Task<EtcdApi> LeaderApiAsync(CancellationToken cancel) => (await LeadingAsync(cancel)).Api;

    public async Task<long> VersionAsync(string key, CancellationToken cancel)
    {
        var leader = await LeadingAsync(cancel);
        return await leader.Api.GetAsync(key, cancel) is { } item ? item.Version : 0;
    }

    // Any member takes a write; a leader looked up for each would double the requests.
    public Task PutAsync(string key, CancellationToken cancel) => _members[0].Api.CallAsync(EtcdApi.PutPath, EtcdApi.Put(key), cancel);

    public async Task<Leadership> LeaderAsync(CancellationToken cancel)
    {
        var leader = await LeadingAsync(cancel);
        return new Leadership(leader.Name, (await leader.Api.StatusAsync(cancel)).Term);
    }

    public IReadOnlyList<Func<CancellationToken, Task<bool>>> WritersWithout(string node)
    {
        var body = EtcdApi.Put("failover");
        return
        [
            .. _members.Where(member => member.Name != node).Select(member => (Func<CancellationToken, Task<bool>>)(async cancel =>
            {
                await member.Api.CallAsync(EtcdApi.PutPath, body, cancel);
                return true;
            })),
        ];
    }

    public void Kill(string node) => Find(node).Process!.Kill();

    public async Task RestartAsync(string node, CancellationToken cancel)
    {
        var member = Find(node);
        member.Process!.Dispose();
        Start(member);
        var target = (await (await LeadingAsync(cancel)).Api.StatusAsync(cancel)).AppliedIndex;
        await AwaitAsync(member, status => status.Leader != 0 && status.AppliedIndex >= target, "has caught up", cancel);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            member.Process?.Dispose();
            member.Api.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private (string Path, string Body) Call(Workload workload) =>
        workload == Workload.Writes ? (EtcdApi.PutPath, PutBody)
        : workload == Workload.Reads ? (EtcdApi.RangePath, RangeBody)
        : workload == Workload.Batches ? (EtcdApi.TxnPath, TxnBody)
        : throw new UnreachableException(workload.Name);

    private void Start(Member member)
    {
        var folder = _workspace.Folder(member.Name);
        member.Process = new ChildProcess(
            member.Name, "etcd", folder,
            "--name", member.Name,
            "--data-dir", Path.Combine(folder, "data"),
            "--listen-client-urls", member.ClientUrl,
            "--advertise-client-urls", member.ClientUrl,
            "--listen-peer-urls", member.PeerUrl,
            "--initial-advertise-peer-urls", member.PeerUrl,
            "--initial-cluster", _initialCluster);
    }

    private static Task AwaitAsync(Member member, Func<EtcdStatus, bool> holds, string what, CancellationToken cancel) =>
        Wait.UntilAsync($"{member.Name} {what}", StartLimit, async attempt =>
        {
            member.Process!.EnsureRuns();
            return holds(await member.Api.StatusAsync(attempt));
        }, cancel);

    /// <summary>The member that says of itself that it leads, in the highest term.</summary>
    private async Task<Member> LeadingAsync(CancellationToken cancel)
    {
        Member? leading = null;
        await Wait.UntilAsync("etcd has a leader", StartLimit, async attempt =>
        {
            long term = 0;
            foreach (var member in _members)
            {
                if (await TryStatusAsync(member, attempt) is { } status && status.Leader == status.Member && status.Term > term)
                {
                    (leading, term) = (member, status.Term);
                }
            }

            return leading is not null;
        }, cancel);
        return leading!;
    }

    private static async Task<EtcdStatus?> TryStatusAsync(Member member, CancellationToken cancel)
    {
        try
        {
            return await member.Api.StatusAsync(cancel);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<string> AskEtcdCtlAsync(Member member, string key, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("etcdctl", ["--endpoints", member.ClientUrl, "get", key, "--print-value-only"])
        {
            RedirectStandardOutput = true,
            Environment = { ["ETCDCTL_API"] = "3" },
        };
        using var process = Process.Start(start) ?? throw new BenchException("etcdctl did not start");
        return (await process.StandardOutput.ReadToEndAsync(cancel)).Trim();
    }

    private Member Find(string name) => _members.Single(member => member.Name == name);

    private sealed class Member(string name, int clientPort, int peerPort)
    {
        public string Name { get; } = name;

        public string ClientUrl { get; } = $"http://127.0.0.1:{clientPort}";

        public string PeerUrl { get; } = $"http://127.0.0.1:{peerPort}";

        public EtcdApi Api { get; } = new(new Uri($"http://127.0.0.1:{clientPort}"));

        public ChildProcess? Process { get; set; }
    }
}
