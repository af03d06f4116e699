using System.Collections.Concurrent;
using Quorate.Contracts.Blobs;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Access;
using Quorate.Node.Blobs;
using Quorate.Node.Replication.Regions;

namespace Quorate.Gateway.Blobs;

/// <summary>
/// Fetches, for one region, the content of blobs that other regions wrote. What has to be done is in the replicated state, and how far it got too: it
/// may be killed at any moment, and the next one goes on from there. Of several gateways the one whose agent has the outbox does it.
/// </summary>
internal sealed partial class BlobFetcher(
    RegionBlobs blobs, RegionSources sources, RegionAgentWorker agent, ChunkBuffers buffers, BlobTransfers transfers, ILogger logger)
{
    /// <summary>Blobs fetched at once.</summary>
    private const int Parallel = 4;

    /// <summary>Blobs that become news for the others with one entry of the log.</summary>
    private const int AdoptAtOnce = 100;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(5);

    /// <summary>After a look at everything that arrives found nothing to do, until there is more or less of it or a rest may be over.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Task> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (long Until, TimeSpan Length)> _resting = new(StringComparer.Ordinal);
    private long _fetched;
    private long _corrupt;
    private int _seen;
    private long _lookAt;

    public string Region => blobs.Id;

    /// <summary>Chunks that came from other regions, and those that came damaged.</summary>
    public (long Fetched, long Corrupt) Counts => (Interlocked.Read(ref _fetched), Interlocked.Read(ref _corrupt));

    private ClusterClient Cluster => blobs.Region.Cluster;

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (agent.HoldsOutbox && await AdoptAsync(cancel))
                {
                    StartDue(cancel);
                }
            }
            catch (Exception error) when (error is ClusterUnavailableException || (error is OperationCanceledException && cancel.IsCancellationRequested))
            {
                // The cluster has no leader, or everything ends.
            }

            await Task.Delay(Tick, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(_underWay.Values);
    }

    /// <summary>Sees to it that blobs which were here before the region had others become known to them.</summary>
    /// <returns>Whether all are.</returns>
    private async Task<bool> AdoptAsync(CancellationToken cancel)
    {
        var (isRegion, isDone) = Cluster.Peek(state => (state.Regions.Settings is not null, state.Blobs.Adoption.IsDone));
        return isDone || (isRegion && await Cluster.ExecuteAsync(new BlobsAdopt(AdoptAtOnce), WriteOptions.None, cancel) is BlobResult.Adopted { IsDone: true });
    }

    private void StartDue(CancellationToken cancel)
    {
        var now = Environment.TickCount64;
        var free = Parallel - _underWay.Count;
        var (arriving, due) = Cluster.Peek(state => (
            state.Blobs.Arriving,
            free > 0 && (now >= _lookAt || state.Blobs.Arriving != _seen) ? state.Blobs.Arrivals.Where(arrival => IsDue(arrival, now)).Take(free).ToList() : []));
        _seen = arriving;
        if (due.Count == 0 && free > 0 && now >= _lookAt)
        {
            _lookAt = now + (long)Idle.TotalMilliseconds;
            foreach (var gone in Cluster.Peek(state => _resting.Keys.Where(id => state.Blobs.GetArrival(id) is null).ToList()))
            {
                _resting.TryRemove(gone, out _);
            }
        }

        foreach (var arrival in due)
        {
            var start = new TaskCompletionSource();
            _underWay[arrival.Id] = FetchAfterAsync(start.Task, arrival, cancel);
            start.SetResult();
        }
    }

    private bool IsDue(BlobArrival arrival, long now) =>
        !_underWay.ContainsKey(arrival.Id) && (!_resting.TryGetValue(arrival.Id, out var rest) || rest.Until <= now);

    private async Task FetchAfterAsync(Task start, BlobArrival arrival, CancellationToken cancel)
    {
        // Not before the task is known: it takes itself off the list at its end.
        await start.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            using var transfer = transfers.Begin(Region, arrival.Id, BlobTransferKinds.Arrival, arrival.Content.Size);
            using var fetch = new BlobFetch(arrival, blobs, buffers, transfer, FetchAsync);
            await fetch.RunAsync(() => agent.HoldsOutbox, cancel);
            _resting.TryRemove(arrival.Id, out _);
        }
        catch (Exception error) when (error is ChunkSourceException or ClusterUnavailableException or OverloadedException or BlobDamagedException)
        {
            var length = _resting.TryGetValue(arrival.Id, out var last) ? last.Length * 2 : Tick * 2;
            length = error is BlobDamagedException || length > LongestRest ? LongestRest : length;
            _resting[arrival.Id] = (Environment.TickCount64 + (long)length.TotalMilliseconds, length);
            if (last.Length == TimeSpan.Zero || error is BlobDamagedException)
            {
                Paused(logger, Region, arrival.Id, arrival.Region, error.Message);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // It goes on after the next start.
        }
        finally
        {
            _underWay.TryRemove(arrival.Id, out _);
        }
    }

    private async Task<ReadOnlyMemory<byte>> FetchAsync(Digest chunk, string writer, CancellationToken cancel)
    {
        var data = await sources.FetchAsync(chunk, writer, OnDamaged, cancel);
        Interlocked.Increment(ref _fetched);
        return data;

        void OnDamaged(string region)
        {
            Interlocked.Increment(ref _corrupt);
            agent.CountFailure(RefusalCodes.WrongChecksum);
            Damaged(logger, Region, chunk, region);
        }
    }

    [LoggerMessage(3220, LogLevel.Warning, "Region {Region}: blob {Blob} of {Writer} waits: {Problem}")]
    private static partial void Paused(ILogger logger, string region, string blob, string writer, string problem);

    [LoggerMessage(3221, LogLevel.Warning, "Region {Region}: chunk {Chunk} came damaged from {Source} and is fetched again.")]
    private static partial void Damaged(ILogger logger, string region, Digest chunk, string source);
}
