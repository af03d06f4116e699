using System.Collections.Concurrent;
using Quorate.Contracts.Blobs;
using Quorate.Node.Access;

namespace Quorate.Gateway.Blobs;

/// <summary>Transfers under way at this gateway, and what has gone through since it started.</summary>
internal sealed class BlobTransfers(TimeProvider time)
{
    private readonly ConcurrentDictionary<Transfer, byte> _active = new();
    private long _received;
    private long _sent;
    private long _arrived;

    /// <summary>Bytes of uploads taken in.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Bytes of downloads handed out.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Bytes of blobs that came from other regions.</summary>
    public long Arrived => Interlocked.Read(ref _arrived);

    public IEnumerable<Transfer> Active => _active.Keys;

    /// <summary>Begins a transfer of a region's blob, which ends when it is disposed of.</summary>
    /// <exception cref="OverloadedException">Too many are under way.</exception>
    public Transfer Begin(string region, string id, string kind, long? size)
    {
        var transfer = new Transfer(this, region, id, kind, size, time);
        _active.TryAdd(transfer, 0);
        if (_active.Keys.Count(other => other.Kind == kind) > ChunkBuffers.MaxTransfers)
        {
            transfer.Dispose();
            throw new OverloadedException();
        }

        return transfer;
    }

    internal sealed class Transfer(BlobTransfers owner, string region, string id, string kind, long? size, TimeProvider time) : IDisposable
    {
        private readonly long _begun = time.GetTimestamp();
        private long _done;
        private long _moved;

        public string Region => region;

        public string Id => id;

        public string Kind => kind;

        public long? Size => size;

        public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

        /// <summary>Bytes from the beginning of the blob, or of the range that was asked for.</summary>
        public long Done => Interlocked.Read(ref _done);

        public double BytesPerSecond => Interlocked.Read(ref _moved) / Math.Max(0.001, time.GetElapsedTime(_begun).TotalSeconds);

        /// <summary>Bytes that had been transferred before.</summary>
        public void Resume(long bytes) => Interlocked.Exchange(ref _done, bytes);

        public void Move(long bytes)
        {
            Interlocked.Add(ref _done, bytes);
            Interlocked.Add(ref _moved, bytes);
            Interlocked.Add(
                ref kind == BlobTransferKinds.Upload ? ref owner._received : ref kind == BlobTransferKinds.Download ? ref owner._sent : ref owner._arrived, bytes);
        }

        public void Dispose() => owner._active.TryRemove(this, out _);
    }
}
