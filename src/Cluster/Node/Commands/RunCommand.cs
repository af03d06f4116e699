using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Quorate.Core.Raft;
using Quorate.Node.Transport;

namespace Quorate.Node.Commands;

/// <summary>Runs a node until it is told to stop or fails.</summary>
internal static class RunCommand
{
    /// <summary>How long a leader that stops may take to hand leadership over.</summary>
    private static readonly TimeSpan HandOverLimit = TimeSpan.FromSeconds(1);

    public static int Run(RunSettings settings)
    {
        // The first line tells how the node ends: null when it was asked to, else why it failed.
        var end = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var loggers = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(settings.LogLevel)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            }));
        using var node = new QuorateNode(settings.Node, loggers.CreateLogger("quorate"));
        node.ClientConnected = new NodeClientListener(node).Serve;
        node.SetPeers(settings.Peers);
        node.StatusChanged += status =>
        {
            if (status?.Failure is { } failure)
            {
                end.TrySetResult(failure);
            }
        };
        Rehearsal.Run();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        node.Start();
        Introduce(settings, node);

        if (end.Task.GetAwaiter().GetResult() is { } reason)
        {
            return NodeCommandLine.Complain(ExitCode.Fault, $"node {node.Id} has failed: {reason}");
        }

        HandLeadershipOver(node);
        return ExitCode.Fine;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            end.TrySetResult(null);
        }
    }

    private static void Introduce(RunSettings settings, QuorateNode node)
    {
        var version = typeof(RunCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        Console.WriteLine($"quorate-node {version}");
        Console.WriteLine($"  node    {node.Id} in region {node.Region}");
        Console.WriteLine($"  listens {node.Address}");
        Console.WriteLine($"  data    {Path.GetFullPath(settings.Node.DataDirectory)}");
        Console.WriteLine($"  peers   {string.Join(", ", settings.Peers.OrderBy(peer => peer.Key).Select(peer => $"{peer.Key}={Addresses.Show(peer.Value)}"))}");
    }

    // A planned stop needs no election timeout: the best follower stands at once.
    private static void HandLeadershipOver(QuorateNode node)
    {
        if (node.Host is not { Status.Role: RaftRole.Leader } host)
        {
            return;
        }

        var started = Stopwatch.GetTimestamp();
        var asked = host.AskAsync(raft => raft.TransferLeadership(NodeId.None));
        if (asked.Wait(HandOverLimit) && asked.Result)
        {
            SpinWait.SpinUntil(() => host.Status.Role != RaftRole.Leader, HandOverLimit - Stopwatch.GetElapsedTime(started));
        }
    }
}
