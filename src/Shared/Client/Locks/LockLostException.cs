namespace Quorate.Client;

/// <summary>The lock is not held any more, or not certainly so: whatever it protects must be left alone.</summary>
public sealed class LockLostException(LockFence fence)
    : Exception($"The lock '{fence.Lock}' (fencing token {fence.Token}) is no longer held: its time ran out, or it was taken away.")
{
    public LockFence Fence { get; } = fence;
}
