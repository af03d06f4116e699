namespace Quorate.Contracts.Cluster;

/// <summary>The cluster as the gateway sees it now.</summary>
/// <param name="At">When this view was put together.</param>
/// <param name="Environment">What the operator calls this cluster.</param>
/// <param name="Leader">Id of the node that leads and has a quorum behind it; null while nobody does.</param>
/// <param name="Term">The highest term any node reports.</param>
/// <param name="LeaderSince">When the current leader was elected.</param>
/// <param name="HasQuorum">Whether a majority of voters is reachable and agrees on the leader.</param>
/// <param name="Voters">Number of voting members.</param>
/// <param name="HealthyVoters">Voters that are running and in contact with the leader.</param>
/// <param name="FaultTolerance">How many more voters may fail before writes stop; 0 when the next failure stops them or they have stopped.</param>
/// <param name="LaboratoryEnabled">Whether nodes can be stopped and isolated through <c>/api/v1/lab</c>.</param>
public sealed record Topology(
    DateTimeOffset At,
    EnvironmentBadge Environment,
    string? Leader,
    long Term,
    DateTimeOffset? LeaderSince,
    bool HasQuorum,
    int Voters,
    int HealthyVoters,
    int FaultTolerance,
    IReadOnlyList<NodeView> Nodes,
    IReadOnlyList<LinkView> Links,
    IReadOnlyList<RegionNodes> Regions,
    IReadOnlyList<PartitionView> Partitions,
    bool LaboratoryEnabled);

/// <summary>Name and colour of the environment, shown on every page so that production is never mistaken for a test.</summary>
/// <param name="Color">A CSS colour name or <c>#rrggbb</c>.</param>
public sealed record EnvironmentBadge(string Name, string Color);

/// <summary>One node.</summary>
/// <param name="Role">One of <see cref="NodeRoles"/>.</param>
/// <param name="Health">One of <see cref="NodeHealths"/>.</param>
/// <param name="LastContactMs">Milliseconds since this node last heard from the leader (0 on the leader itself); null when unknown.</param>
/// <param name="LagEntries">Entries committed by the leader that this node has not applied yet; null when either is unknown.</param>
/// <param name="UptimeMs">Milliseconds since the node started; null while it is stopped.</param>
/// <param name="FsyncP99Ms">99th percentile of the log's fsync over the last 10 seconds; null before the first.</param>
/// <param name="KeyCount">Keys this node holds as of its applied index; null when the gateway cannot look inside.</param>
/// <param name="Hlc">Hybrid logical time of the last entry that it has applied: Unix milliseconds, a dot, a counter; null when the gateway cannot look inside.</param>
/// <param name="ClockOffsetMs">How far that is ahead of the gateway's clock; 0 when it is not, null when it is not known.</param>
public sealed record NodeView(
    string Id,
    string Address,
    string Region,
    string Role,
    bool Voter,
    string Health,
    long Term,
    long CommitIndex,
    long AppliedIndex,
    long LastIndex,
    long SnapshotIndex,
    double? LastContactMs,
    long? LagEntries,
    long? UptimeMs,
    double? FsyncP99Ms,
    long? KeyCount,
    string? Hlc = null,
    long? ClockOffsetMs = null);

/// <summary>The connection over which <paramref name="From"/> sends to <paramref name="To"/>.</summary>
/// <param name="State">One of <see cref="LinkStates"/>.</param>
/// <param name="RoundTripMs">Last measured append round trip, known on links from the leader.</param>
public sealed record LinkView(string From, string To, string State, double? RoundTripMs);

public sealed record RegionNodes(string Id, IReadOnlyList<string> Nodes);

/// <summary>One Raft group. There is a single one today: partition <c>0</c> holds everything.</summary>
public sealed record PartitionView(int Id, string? Leader);

public static class NodeRoles
{
    public const string Leader = "leader";
    public const string Follower = "follower";
    public const string Candidate = "candidate";
    public const string Learner = "learner";
    public const string Offline = "offline";
}

public static class NodeHealths
{
    public const string Healthy = "healthy";

    /// <summary>In contact, but more than a second of entries behind the leader.</summary>
    public const string Lagging = "lagging";

    /// <summary>Running, but has not heard from a leader for longer than the election timeout.</summary>
    public const string Isolated = "isolated";

    /// <summary>Does not answer the gateway.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>Stopped through the laboratory.</summary>
    public const string Stopped = "stopped";
}

public static class LinkStates
{
    public const string Up = "up";
    public const string Down = "down";

    /// <summary>Cut on purpose through the laboratory.</summary>
    public const string Cut = "cut";
}
