using Quorate.Client;

namespace Quorate.Fencing;

/// <summary>A resource refused a write: somebody with a newer token has written under the same lock.</summary>
/// <param name="newest">The newest token seen there; null when the resource does not say.</param>
public sealed class StaleTokenException(LockFence fence, long? newest, Exception? inner = null)
    : Exception($"The fencing token {fence.Token} of the lock '{fence.Lock}' is stale: a newer one has been seen.", inner)
{
    public LockFence Fence { get; } = fence;

    public long? Newest { get; } = newest;
}
