using System.Diagnostics;
using System.Globalization;
using System.Net;
using Quorate.Bench.Load.Clients;

namespace Quorate.Bench.Peers;

/// <summary>
/// Three RabbitMQ processes with default settings, clustered on loopback under an <c>epmd</c> of their own. Clients go to the node where the
/// queue was declared, which leads it: the shortest way there is.
/// </summary>
internal sealed class RabbitCluster : IAsyncDisposable
{
    /// <summary>Where Debian's package keeps the scripts; those on the path change the user first.</summary>
    private const string Scripts = "/usr/lib/rabbitmq/bin";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly Workspace _workspace;
    private readonly int _epmdPort;
    private readonly Member[] _members;
    private readonly List<ChildProcess> _processes = [];

    public RabbitCluster(Workspace workspace)
    {
        _workspace = workspace;
        var ports = Ports.Free(7);
        _epmdPort = ports[0];
        _members = [.. Enumerable.Range(0, 3).Select(i => new Member($"bench{i + 1}@localhost", ports[(2 * i) + 1], ports[(2 * i) + 2]))];
    }

    public string Name => "RabbitMQ";

    public string Version { get; private set; } = "";

    public IPEndPoint Broker => new(IPAddress.Loopback, _members[0].Port);

    public async Task StartAsync(CancellationToken cancel)
    {
        _processes.Add(new ChildProcess("epmd", "epmd", _workspace.Root, "-port", Text(_epmdPort), "-address", "127.0.0.1"));
        foreach (var member in _members)
        {
            Start(member);
        }

        await Wait.UntilAsync("RabbitMQ's nodes have found each other", StartLimit, async attempt =>
        {
            _processes.ForEach(process => process.EnsureRuns());
            var running = await AskAsync(["eval", "length(rabbit_nodes:all_running())."], attempt);
            return running == Text(_members.Length);
        }, cancel);
        Version = $"RabbitMQ {(await AskAsync(["eval", "rabbit_misc:version()."], cancel)).Trim('"')}";
    }

    /// <summary>Declares a quorum queue.</summary>
    /// <exception cref="BenchException">It is none, or a node is not a member of it.</exception>
    public async Task DeclareAsync(string queue, CancellationToken cancel)
    {
        using (new RabbitLooker(Broker, queue))
        {
        }

        var line = await AskAsync(["list_queues", "name", "type", "online", "--no-table-headers"], cancel);
        if (!line.Contains("quorum", StringComparison.Ordinal) || !_members.All(member => line.Contains(member.Node, StringComparison.Ordinal)))
        {
            throw new BenchException($"the queue is not a quorum queue on all nodes: {line}");
        }
    }

    public ValueTask DisposeAsync()
    {
        // The nodes first: epmd is asked by them.
        _processes.AsEnumerable().Reverse().ToList().ForEach(process => process.Dispose());
        return ValueTask.CompletedTask;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Start(Member member)
    {
        var folder = Home(member);
        var cookie = Path.Combine(folder, ".erlang.cookie");
        File.WriteAllText(cookie, $"bench{Environment.ProcessId}");
        if (!OperatingSystem.IsWindows())
        {
            // Erlang refuses a cookie that others may read.
            File.SetUnixFileMode(cookie, UnixFileMode.UserRead);
        }

        var configuration = Path.Combine(folder, "rabbitmq.conf");
        File.WriteAllLines(configuration,
        [
            $"listeners.tcp.default = 127.0.0.1:{Text(member.Port)}",
            "cluster_formation.peer_discovery_backend = classic_config",
            .. _members.Select((other, i) => $"cluster_formation.classic_config.nodes.{Text(i + 1)} = {other.Node}"),
        ]);
        _processes.Add(new ChildProcess(member.Node, Path.Combine(Scripts, "rabbitmq-server"), folder, Settings(member, configuration), "-noinput"));
    }

    private string Home(Member member) => _workspace.Folder(member.Node);

    private Dictionary<string, string> Settings(Member member, string configuration) => new(Access(member))
    {
        // The script then becomes the server instead of watching over it.
        ["RABBITMQ_ALLOW_INPUT"] = "1",
        ["RABBITMQ_DIST_PORT"] = Text(member.DistributionPort),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(Home(member), "data"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(Home(member), "log"),
        ["RABBITMQ_CONFIG_FILE"] = configuration,
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(Home(member), "plugins"),
        ["RABBITMQ_PID_FILE"] = Path.Combine(Home(member), "pid"),
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
    };

    private Dictionary<string, string> Access(Member member) => new()
    {
        ["HOME"] = Home(member),
        ["RABBITMQ_NODENAME"] = member.Node,
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(Home(member), "none"),
        ["ERL_EPMD_PORT"] = Text(_epmdPort),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
    };

    /// <summary>Runs <c>rabbitmqctl</c> on the first node.</summary>
    private async Task<string> AskAsync(string[] arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Path.Combine(Scripts, "rabbitmqctl"), ["--quiet", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Access(_members[0]))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new BenchException("rabbitmqctl did not start");
        var errors = process.StandardError.ReadToEndAsync(cancel);
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0 ? output.Trim() : throw new BenchException($"rabbitmqctl {arguments[0]}: {(await errors).Trim()}");
    }

    private sealed record Member(string Node, int Port, int DistributionPort);
}
