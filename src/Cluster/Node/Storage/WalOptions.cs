using Quorate.Core.Raft;

namespace Quorate.Node.Storage;

/// <summary>How a <see cref="WriteAheadLog"/> is kept.</summary>
public sealed record WalOptions
{
    public const int MinSegmentBytes = 16 * 1024;
    public const int MaxSegmentBytes = 1 << 30;

    /// <summary>Bytes reserved for each segment file; 16 KiB to 1 GiB. A larger batch gets a segment of its own size.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;

    public GroupId Group { get; init; } = GroupId.Default;

    /// <summary>Whose log it is: a directory that another node wrote is refused. <see cref="NodeId.None"/> takes any.</summary>
    public NodeId Node { get; init; } = NodeId.None;

    /// <summary>Tells when a full disk is asked again.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Hears how long each write with its fsync took. Called on the thread that flushes; must return at once.</summary>
    public Action<TimeSpan>? Flushed { get; init; }

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        if (SegmentBytes is < MinSegmentBytes or > MaxSegmentBytes)
        {
            throw new ArgumentException($"SegmentBytes is {SegmentBytes}; it must be from {MinSegmentBytes} to {MaxSegmentBytes}");
        }
    }
}
