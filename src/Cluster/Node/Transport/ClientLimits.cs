namespace Quorate.Node.Transport;

/// <summary>How much a node keeps for one client.</summary>
public sealed record ClientLimits
{
    /// <summary>Bytes of entries that may wait for a client that follows. Beyond it the client is told that it fell behind.</summary>
    public long QueuedEntryBytes { get; init; } = 32 << 20;

    /// <summary>Answers that may wait for a client. One that asks on without reading is disconnected.</summary>
    public int QueuedReplies { get; init; } = 262_144;

    /// <summary>A client that takes nothing for so long is disconnected.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
