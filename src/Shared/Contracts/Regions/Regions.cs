namespace Quorate.Contracts.Regions;

/// <summary>The regions that this process knows, and the links between them.</summary>
/// <param name="Coordinator">The region whose cluster passes changes on.</param>
/// <param name="Regions">In the order of the configuration.</param>
/// <param name="Links">One for each direction between two regions.</param>
/// <param name="ClockBudgetMs">A change from further in the future is refused, milliseconds.</param>
public sealed record RegionsView(
    DateTimeOffset At, string Coordinator, IReadOnlyList<RegionView> Regions, IReadOnlyList<RegionLinkView> Links, long ClockBudgetMs = 10_000);

/// <summary>A region as one of its gateways sees it.</summary>
/// <param name="Local">Whether its cluster is reached through this process, so that <c>?region=</c> can address it.</param>
/// <param name="Phase">One of <see cref="RegionPhases"/>: what its agent does.</param>
/// <param name="Clock">Its changes that each region has taken in, its own included: how far it has seen everybody.</param>
/// <param name="Hlc">Its hybrid logical time: Unix milliseconds, a dot, a counter.</param>
/// <param name="ClockOffsetMs">Its hybrid clock minus this process's physical clock, milliseconds.</param>
/// <param name="QueueSize">Changes that it has not handed to the coordinator yet.</param>
/// <param name="Deletions">Deleted documents that it still remembers.</param>
/// <param name="Held">Deletions from elsewhere that wait for an operator.</param>
/// <param name="Conflicts">Open conflicts.</param>
/// <param name="Error">What keeps its agent from the coordinator; null when nothing does.</param>
public sealed record RegionView(
    string Id,
    bool Local,
    bool IsCoordinator,
    string Phase,
    IReadOnlyDictionary<string, long> Clock,
    string Hlc,
    long ClockOffsetMs,
    long QueueSize,
    long QueueBytes,
    long Documents,
    long Deletions,
    long Held,
    long Conflicts,
    long Failures,
    string? Error,
    CatchUpView CatchUp);

/// <summary>What an agent does, in the order of a reconnect.</summary>
public static class RegionPhases
{
    /// <summary>The coordinator is not reached; changes wait in the outbox.</summary>
    public const string Disconnected = "disconnected";

    /// <summary>Asks for what the others changed meanwhile.</summary>
    public const string Fetching = "fetching";

    /// <summary>Sets its own waiting changes against those.</summary>
    public const string Comparing = "comparing";

    /// <summary>Settles conflicts by strategy and takes in the rest.</summary>
    public const string Applying = "applying";

    /// <summary>Hands over what waited.</summary>
    public const string Pushing = "pushing";

    /// <summary>Fell behind what the coordinator keeps, and takes in a copy of its state.</summary>
    public const string Copying = "copying";

    /// <summary>Changes pass as they are made.</summary>
    public const string Streaming = "streaming";

    /// <summary>Its agent runs in another process.</summary>
    public const string Unknown = "unknown";

    public static readonly IReadOnlyList<string> All = [Disconnected, Fetching, Comparing, Applying, Pushing, Copying, Streaming, Unknown];
}

/// <summary>What a region lacks of the others, and when it will have it.</summary>
/// <param name="Seconds">At the rate of the last minute; null when nothing moves, 0 when nothing is lacking.</param>
public sealed record CatchUpView(long Operations, long Bytes, double? Seconds);

/// <summary>One direction between two regions.</summary>
/// <param name="State">One of <see cref="RegionLinkStates"/>.</param>
/// <param name="Cut">Whether the laboratory has cut it.</param>
/// <param name="Position">The last change of <paramref name="From"/> that <paramref name="To"/> has taken in, by number.</param>
/// <param name="LagOperations">Changes of <paramref name="From"/> that <paramref name="To"/> lacks, those still in the outbox included.</param>
/// <param name="LagSeconds">Age of the oldest of them; 0 when there is none.</param>
/// <param name="Lag">Where the time of recent changes went; null before the first.</param>
/// <param name="EventsPerSecond">Changes taken in over the last ten seconds.</param>
public sealed record RegionLinkView(
    string From, string To, string State, bool Cut, long Position, long LagOperations, long LagBytes, double LagSeconds, LagPartsView? Lag, double EventsPerSecond);

public static class RegionLinkStates
{
    public const string Up = "up";
    public const string Behind = "behind";
    public const string Down = "down";
    public const string Cut = "cut";
}

/// <summary>Mean over the last changes taken in, milliseconds each.</summary>
/// <param name="QueueMs">From the write until it was taken from the outbox.</param>
/// <param name="NetworkMs">From there through the coordinator until it arrived. Between machines it has their clocks' difference in it.</param>
/// <param name="ApplyMs">From there until it could be read.</param>
public sealed record LagPartsView(double QueueMs, double NetworkMs, double ApplyMs);

/// <summary>The outbox of a region.</summary>
/// <param name="Priorities">0 (deletions) to 3 (collections).</param>
/// <param name="InFlight">Taken for sending and not yet acknowledged.</param>
/// <param name="Retrying">Refused or not delivered: they wait for another try.</param>
/// <param name="Parked">Refused so often that they wait for an operator; never dropped.</param>
/// <param name="Items">The first of them in the order of sending.</param>
public sealed record SyncQueueView(
    string Region,
    long Size,
    long Bytes,
    long MaxSize,
    IReadOnlyList<SyncQueuePriorityView> Priorities,
    long InFlight,
    long Retrying,
    long Parked,
    IReadOnlyList<SyncQueueItemView> Items,
    string? NextCursor);

/// <param name="Name">DELETE, CREATE, UPDATE or METADATA.</param>
public sealed record SyncQueuePriorityView(int Priority, string Name, long Pending);

/// <param name="State">One of <see cref="SyncQueueStates"/>.</param>
/// <param name="Kind">One of <see cref="Replication.SyncOperations"/>.</param>
/// <param name="NextRetry">When it is tried again; null when it does not wait for that.</param>
/// <param name="Error">Why it was refused last.</param>
public sealed record SyncQueueItemView(
    long Id, string State, int Priority, string Kind, string Collection, string? Key, int Attempts, DateTimeOffset EnqueuedAt, DateTimeOffset? NextRetry, string? Error);

public static class SyncQueueStates
{
    public const string Pending = "pending";
    public const string InFlight = "inflight";
    public const string Retrying = "retrying";
    public const string Parked = "parked";

    public static readonly IReadOnlyList<string> All = [Pending, InFlight, Retrying, Parked];
}

/// <param name="Retried">Changes that are tried again now.</param>
public sealed record RetrySyncQueueResponse(string Region, long Retried);

/// <summary>Deletions from elsewhere that one minute brought too many of.</summary>
/// <param name="Since">When the brake was pulled.</param>
/// <param name="Held">Deletions that wait.</param>
/// <param name="Documents">Documents that the collection has now.</param>
public sealed record BrakeView(string Region, string Collection, DateTimeOffset Since, long Held, long Documents, IReadOnlyList<string> Origins);

/// <param name="Action">One of <see cref="BrakeActions"/>.</param>
public sealed record BrakeRequest(string? Action);

public static class BrakeActions
{
    /// <summary>The deletions are carried out.</summary>
    public const string Release = "release";

    /// <summary>The documents stay, and come back in the regions that deleted them.</summary>
    public const string Refuse = "refuse";

    public static readonly IReadOnlyList<string> All = [Release, Refuse];
}

/// <param name="Affected">Deletions carried out or refused.</param>
public sealed record BrakeResponse(string Region, string Collection, string Action, long Affected);

/// <summary>A link as the laboratory left it; both directions.</summary>
public sealed record LaboratoryLink(string From, string To, bool Cut);
