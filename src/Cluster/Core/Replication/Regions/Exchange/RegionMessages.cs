using Quorate.Core.StateMachine.Blobs;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>How far somebody is with the changes of one origin.</summary>
public sealed record OriginPosition(string Origin, long Number);

/// <summary>A change that was not taken. Its number is used up all the same, so that what comes after it has no gap before it.</summary>
/// <param name="Code">One of <see cref="RefusalCodes"/>.</param>
public sealed record Refusal(long Number, string Code, string Detail);

/// <summary>Why a coordinator does not take a change, or a whole message. Part of the wire's format.</summary>
public static class RefusalCodes
{
    public const string UnknownRegion = "unknown_region";
    public const string UnregisteredClock = "unregistered_clock";
    public const string ForeignChange = "foreign_change";
    public const string OversizedDocument = "oversized_document";
    public const string ClockSkew = "clock_skew";
    public const string Gap = "gap";
    public const string StaleSession = "stale_session";
    public const string NotCoordinator = "not_coordinator";
    public const string WrongChecksum = "wrong_checksum";
    public const string Malformed = "malformed";
    public const string TooLarge = "too_large";
    public const string WrongSecret = "wrong_secret";
    public const string CopyRequired = "copy_required";
    public const string Unavailable = "unavailable";
    public const string Overloaded = "overloaded";
    public const string Cut = "cut";
}

/// <summary>What a region and the coordinator say to each other. A closed hierarchy; <see cref="RegionMessageCodec"/> knows every case.</summary>
public abstract record RegionMessage;

/// <summary>Begins a session: from its answer on the coordinator takes changes of this session only.</summary>
/// <param name="Session">A later one ends those before it.</param>
/// <param name="Settled">The last number of which, and of all before it, the region knows what became.</param>
public sealed record HelloRequest(string Region, long Session, long Settled) : RegionMessage;

/// <param name="Received">The last number that the coordinator has seen of the region.</param>
/// <param name="Refusals">Of the numbers after <see cref="HelloRequest.Settled"/> those that it did not take.</param>
/// <param name="Others">How far it is with the changes of the others.</param>
public sealed record HelloAnswer(long Received, IReadOnlyList<Refusal> Refusals, IReadOnlyList<OriginPosition> Others) : RegionMessage;

/// <summary>Hands over changes.</summary>
/// <param name="Changes">By number, without a gap.</param>
public sealed record PushRequest(string Region, long Session, long Settled, IReadOnlyList<ChangeEvent> Changes) : RegionMessage;

public sealed record PushAnswer(long Received, IReadOnlyList<Refusal> Refusals) : RegionMessage;

/// <summary>Asks for what the others changed. The coordinator may forget, as far as this region goes, what comes before the positions.</summary>
/// <param name="Held">What the region has made durable; what it asks for comes after <paramref name="Positions"/>, which may be further.</param>
/// <param name="MaxChanges">Of all origins together.</param>
/// <param name="MaxBytes">What they may count together; one comes in any case.</param>
/// <param name="WaitMs">How long to wait for the next change when there is none.</param>
public sealed record PullRequest(
    string Region, IReadOnlyList<OriginPosition> Held, IReadOnlyList<OriginPosition> Positions, int MaxChanges, long MaxBytes, int WaitMs) : RegionMessage;

public sealed record PullAnswer(IReadOnlyList<OriginChanges> Origins) : RegionMessage
{
    public bool IsEmpty => Origins.All(origin => origin.UpTo <= origin.After);
}

/// <summary>A stretch of an origin's log.</summary>
/// <param name="After">The position that it follows.</param>
/// <param name="UpTo">The position after it. Numbers between without a change were refused.</param>
/// <param name="Received">How far the coordinator is with this origin.</param>
/// <param name="RemainingBytes">What comes after <paramref name="UpTo"/> counts so much.</param>
public sealed record OriginChanges(string Origin, long After, long UpTo, IReadOnlyList<ChangeEvent> Changes, long Received, long RemainingBytes)
{
    public long RemainingOperations => Received - UpTo;
}

/// <summary>Asks for a part of everything that the coordinator's cluster holds.</summary>
/// <param name="Cursor">As the last answer said; null for the first part.</param>
public sealed record CopyRequest(string Region, string? Cursor, int MaxChanges, long MaxBytes) : RegionMessage;

/// <param name="Changes">In no order that matters.</param>
/// <param name="Positions">What is in the parts from this one on, at least.</param>
/// <param name="Next">Where the next part begins; null: this was the last.</param>
public sealed record CopyAnswer(IReadOnlyList<ChangeEvent> Changes, IReadOnlyList<OriginPosition> Positions, string? Next) : RegionMessage;

/// <summary>Asks another region, the coordinator or not, for a piece of a blob's content.</summary>
/// <param name="Region">Who asks.</param>
public sealed record ChunkRequest(string Region, Digest Chunk) : RegionMessage;

/// <param name="Data">Null: that region does not have it whole.</param>
public sealed record ChunkAnswer(ReadOnlyMemory<byte>? Data) : RegionMessage;

/// <summary>The coordinator does not do what it was asked.</summary>
/// <param name="Code">One of <see cref="RefusalCodes"/>.</param>
public sealed record RefusedAnswer(string Code, string Detail) : RegionMessage;
