using Microsoft.Extensions.Logging;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Diagnostics;
using Quorate.Node.Hosting;

namespace Quorate.Node.Blobs;

/// <summary>
/// Sees to it that a node has every chunk that a committed blob names, and no others: looks through new blobs, after a start through all
/// of them, fetches what is missing from other nodes, and deletes what nobody needs any more.
/// </summary>
/// <remarks>
/// A chunk is deleted only when the state that knows of no use for it is of a time well after the chunk was last said to be needed. A node that
/// lags has a state of an older time, and so keeps what it may not have heard of yet.
/// </remarks>
internal sealed class ChunkKeeper(string node, ChunkStore store, IStateReader state, BlobOptions options, Func<IReadOnlyList<IChunkSource>> peers, ILogger logger)
{
    /// <summary>Blobs looked at, and chunks judged, in one look at the state.</summary>
    private const int Portion = 64;

    /// <summary>Chunks fetched at once.</summary>
    private const int Parallel = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>The writer of a new blob may be about to bring its chunks here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Queue<(Digest Chunk, long NotBefore)> _missing = new();
    private readonly HashSet<Digest> _queued = [];
    private long _lookedAt;
    private long _fetched;

    public long Fetched => Interlocked.Read(ref _fetched);

    public int Missing
    {
        get
        {
            lock (_gate)
            {
                return _queued.Count;
            }
        }
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        store.FoundDamaged += OnDamaged;
        var pause = Pause;
        var collectAt = TimeSpan.Zero;
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                var got = 0;
                try
                {
                    LookThroughNewBlobs(cancel);
                    (got, var failed) = await FetchAsync(cancel);
                    pause = got > 0 || !failed ? Pause : Longer(pause);
                    if (Environment.TickCount64 >= collectAt.TotalMilliseconds)
                    {
                        Collect(cancel);
                        collectAt = TimeSpan.FromMilliseconds(Environment.TickCount64) + options.CollectEvery;
                    }
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    BlobLog.DiskFailed(logger, node, error.Message);
                    pause = Longer(pause);
                }

                await Task.Delay(got > 0 ? TimeSpan.Zero : pause, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The node stops.
        }
        finally
        {
            store.FoundDamaged -= OnDamaged;
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private void OnDamaged(Digest chunk)
    {
        BlobLog.Damaged(logger, node, chunk);
        Want(chunk, TimeSpan.Zero);
    }

    private void Want(Digest chunk, TimeSpan patience)
    {
        lock (_gate)
        {
            if (_queued.Add(chunk))
            {
                _missing.Enqueue((chunk, Environment.TickCount64 + (long)patience.TotalMilliseconds));
            }
        }
    }

    private void LookThroughNewBlobs(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var blobs = state.ReadState(now => now.Blobs.CommittedAfter(_lookedAt).Take(Portion).ToList());
            if (blobs.Count == 0)
            {
                return;
            }

            foreach (var chunk in blobs.SelectMany(blob => blob.Chunks.All()).Where(chunk => !store.Has(chunk)))
            {
                Want(chunk, Patience);
            }

            // Never beyond a commit that has not been seen whole: several of one entry come together or again.
            _lookedAt = blobs[^1].Index - (blobs.Count == Portion && blobs[0].Index != blobs[^1].Index ? 1 : 0);
        }
    }

    private async Task<(int Got, bool Failed)> FetchAsync(CancellationToken cancel)
    {
        var due = Due();
        if (due.Count == 0)
        {
            return (0, false);
        }

        var sources = peers();
        var results = await Task.WhenAll(due.Select(chunk => FetchAsync(chunk, sources, cancel)));
        return (results.Count(got => got), results.Contains(false));
    }

    private List<Digest> Due()
    {
        var due = new List<Digest>(Parallel);
        lock (_gate)
        {
            while (due.Count < Parallel && _missing.TryPeek(out var next) && next.NotBefore <= Environment.TickCount64)
            {
                due.Add(_missing.Dequeue().Chunk);
            }
        }

        return due;
    }

    /// <returns>False when nobody had it, so that it is tried again later.</returns>
    private async Task<bool> FetchAsync(Digest chunk, IReadOnlyList<IChunkSource> sources, CancellationToken cancel)
    {
        var needed = state.ReadState(now => now.Blobs.References(chunk) > 0);
        if (!needed || store.Has(chunk) || await TryFetchAsync(chunk, sources, cancel))
        {
            lock (_gate)
            {
                _queued.Remove(chunk);
            }

            return true;
        }

        lock (_gate)
        {
            _missing.Enqueue((chunk, Environment.TickCount64 + (long)Patience.TotalMilliseconds));
        }

        return false;
    }

    private async Task<bool> TryFetchAsync(Digest chunk, IReadOnlyList<IChunkSource> sources, CancellationToken cancel)
    {
        var buffer = new byte[BlobLimits.ChunkBytes];

        // Another one first for each chunk, so that no single node carries it all.
        for (var i = 0; i < sources.Count; i++)
        {
            var source = sources[(int)((chunk.First + (ulong)i) % (ulong)sources.Count)];
            try
            {
                if (await source.FetchAsync(chunk, buffer, cancel) is { } length)
                {
                    store.Store(chunk, buffer.AsSpan(0, length));
                    Interlocked.Increment(ref _fetched);
                    return true;
                }
            }
            catch (Exception error) when (error is ChunkSourceException or IOException)
            {
                BlobLog.NotFetched(logger, node, chunk, source.Name, error.Message);
            }
        }

        return false;
    }

    private void Collect(CancellationToken cancel)
    {
        foreach (var portion in store.All().Chunk(Portion))
        {
            cancel.ThrowIfCancellationRequested();
            var (before, free) = state.ReadState(now => (
                DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(0, now.Time.UnixMs)).UtcDateTime - options.CollectAfter,
                portion.Where(item => now.Blobs.References(item.Chunk) == 0).ToList()));
            foreach (var (chunk, needed) in free)
            {
                if (needed < before)
                {
                    store.Collect(chunk, before);
                }
            }
        }
    }
}
