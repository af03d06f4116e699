using System.Diagnostics;
using Quorate.Bench.Peers;

namespace Quorate.Bench.Measure;

/// <summary>
/// From SIGKILL of the leader to the next acknowledged write. A write is started every few milliseconds, whether or not earlier ones have
/// been answered, so that neither side pays for a request that was lost with the dead leader.
/// </summary>
internal sealed class Failover(IFailoverPeer peer)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // Nodes and clients that lost a connection try again with growing pauses: the next kill comes when all is as before.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private readonly List<double> _milliseconds = [];
    private string? _invalid;

    /// <summary>All kills so far, in milliseconds.</summary>
    public Figures Figures => Figures.Median(_milliseconds, _invalid);

    /// <summary>Kills the leader, waits for the next acknowledged write, and brings the node back.</summary>
    public async Task KillOnceAsync(CancellationToken cancel)
    {
        var before = await peer.LeaderAsync(cancel);
        var writers = peer.WritersWithout(before.Node);
        await Task.WhenAll(writers.Select(write => write(cancel)));

        var started = Stopwatch.GetTimestamp();
        peer.Kill(before.Node);
        _milliseconds.Add(await AwaitWriteAsync(writers, started, cancel));

        if (!await HasSuccessorAsync(before, cancel))
        {
            _invalid ??= $"after {before.Node} was killed no other leader was seen: it may not have led";
        }

        await peer.RestartAsync(before.Node, cancel);
        await Task.Delay(Settle, cancel);
    }

    private static async Task<double> AwaitWriteAsync(IReadOnlyList<Func<CancellationToken, Task<bool>>> writers, long started, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var acknowledged = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
        var attempts = new List<Task>();
        for (var i = 0; !acknowledged.Task.IsCompleted; i++)
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                throw new BenchException($"no write was acknowledged within {Limit.TotalSeconds:0} s of the leader's death");
            }

            attempts.Add(AttemptAsync(writers[i % writers.Count]));
            await Task.WhenAny(acknowledged.Task, Task.Delay(Interval, cancel));
        }

        await stop.CancelAsync();
        await Task.WhenAll(attempts);
        return await acknowledged.Task;

        async Task AttemptAsync(Func<CancellationToken, Task<bool>> write)
        {
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            attempt.CancelAfter(AttemptLimit);
            try
            {
                if (await write(attempt.Token))
                {
                    acknowledged.TrySetResult(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
            }
            catch (Exception error) when (error is BenchException or HttpRequestException or IOException or OperationCanceledException)
            {
                // Refused, lost or too late: what the next attempts are for.
            }
        }
    }

    /// <summary>Whether another node leads in a later term: proof that the one that was killed did lead.</summary>
    private async Task<bool> HasSuccessorAsync(Leadership before, CancellationToken cancel)
    {
        try
        {
            await Wait.UntilAsync("another node leads", Limit, async attempt =>
            {
                var after = await peer.LeaderAsync(attempt);
                return after.Node != before.Node && after.Term > before.Term;
            }, cancel);
            return true;
        }
        catch (BenchException)
        {
            return false;
        }
    }
}
