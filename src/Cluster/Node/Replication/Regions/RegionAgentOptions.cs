namespace Quorate.Node.Replication.Regions;

/// <summary>How an agent exchanges changes.</summary>
public sealed record RegionAgentOptions
{
    /// <summary>Changes in one message. Default 1,000; 1 to 10,000.</summary>
    public int MaxChanges { get; init; } = 1000;

    /// <summary>What they may count together; one goes in any case. Default 4 MiB.</summary>
    public long MaxBytes { get; init; } = 4 << 20;

    /// <summary>How long the coordinator may wait for a change before it answers with none. Default 5 s.</summary>
    public TimeSpan PullWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause after the first failure; it doubles with each further one, give or take a quarter. Default 100 ms.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Also the longest that a region goes on being away after the line is back. Default 2 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>An agent that is silent for so long gives another gateway's agent its place. Default 10 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);
}
