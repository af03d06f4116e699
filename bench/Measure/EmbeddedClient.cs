using System.Diagnostics;
using System.Text;
using Quorate.Bench.Load;
using Quorate.Bench.Peers;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Queues;
using Quorate.Node.Access;

namespace Quorate.Bench.Measure;

/// <summary>
/// Callers within one process that share a <see cref="ClusterClient"/>: it speaks the nodes' own protocol, and neither gateway nor HTTP is between.
/// The generator is this process, which applies the cluster's log as a gateway does.
/// </summary>
internal sealed class EmbeddedClient(QuorateCluster cluster)
{
    public const string Name = "3 nodes, embedded client";

    private const long TtlMs = 60_000;
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(QueuePayload.Json);

    /// <summary>Each caller takes a lock of its own and gives it back with the token that it got.</summary>
    public Task<LoadResult> RunLocksAsync(int callers, TimeSpan duration, CancellationToken cancel) => RunAsync(callers, duration, cancel, async (client, caller, run) =>
    {
        var name = $"embedded-{caller}";
        bool goesOn;
        do
        {
            var begun = Stopwatch.GetTimestamp();
            var token = await client.ExecuteAsync(new LockAcquire(name, name, LockMode.Exclusive, TtlMs, 0, null), WriteOptions.None, cancel)
                is CommandResult.LockGranted { Hold.Token: var granted } ? granted : throw new BenchException("a lock was not granted");
            goesOn = await client.ExecuteAsync(new LockRelease(name, name, token), WriteOptions.None, cancel) is CommandResult.LockReleased { Remaining: 0 }
                ? Complete(run, begun)
                : throw new BenchException("a lock is still held after its release");
        }
        while (goesOn);
    });

    /// <summary>Each caller acks the message it took last, enqueues one and takes one, all in one command.</summary>
    public Task<LoadResult> RunQueueAsync(string queue, int callers, TimeSpan duration, CancellationToken cancel) => RunAsync(callers, duration, cancel, async (client, caller, run) =>
    {
        var work = new Command[] { new QueueEnqueue(queue, [new NewMessage(Body, 0, 0, null, [])]), new QueueDequeue(queue, $"embedded-{caller}", 1, null, 0) };
        IReadOnlyList<Receipt> receipts = [];
        bool goesOn;
        do
        {
            var begun = Stopwatch.GetTimestamp();
            Command[] commands = receipts.Count == 0 ? work : [new QueueAck(queue, receipts), .. work];
            var results = await client.ExecuteAsync(new Batch(commands), WriteOptions.None, cancel) is CommandResult.Batched batched
                ? batched.Results
                : throw new BenchException("a batch was refused");
            receipts = results[^1] is QueueResult.Delivered { Messages: [var message] } ? [message.Receipt] : throw new BenchException("no message was delivered");
            goesOn = Complete(run, begun);
        }
        while (goesOn);

        await client.ExecuteAsync(new QueueAck(queue, receipts), WriteOptions.None, cancel);
    });

    // Connected only while it runs: it would take a share of the machine from the others, whose turn it is, for following the log.
    private async Task<LoadResult> RunAsync(int callers, TimeSpan duration, CancellationToken cancel, Func<ClusterClient, int, LoadRun, Task> act)
    {
        await using var client = await cluster.DirectClientAsync(cancel);
        var run = new LoadRun(callers, duration, most: null);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => act(client, caller, run), cancel)));
        return run.Result();
    }

    private static bool Complete(LoadRun run, long begun)
    {
        lock (run)
        {
            return run.Complete(1, begun);
        }
    }
}
