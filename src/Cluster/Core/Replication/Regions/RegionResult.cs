using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Replication.Regions;

/// <summary>What became of a command about regions. A closed hierarchy; <see cref="RegionResultCodec"/> knows every case.</summary>
public abstract record RegionResult : CommandResult
{
    public sealed record Configured : RegionResult;

    /// <summary>The cluster is another region already, and its documents carry that name.</summary>
    public sealed record OtherRegion(string Self) : RegionResult;

    /// <param name="Rev">What the document has now; null: it does not exist.</param>
    public sealed record ConflictSettled(string Id, ConflictStatus Status, string? Rev) : RegionResult;

    public sealed record ConflictNotFound : RegionResult;

    /// <summary>The document is in another conflict by now, which has to be settled first.</summary>
    public sealed record OtherConflict(string Id) : RegionResult;

    /// <summary>The document is in a conflict that somebody has to decide before it can be written.</summary>
    public sealed record ConflictOpen(string Id) : RegionResult;

    /// <summary>No version of the conflict is of that region.</summary>
    /// <param name="Regions">Those that have one.</param>
    public sealed record NoSuchVersion(IReadOnlyList<string> Regions) : RegionResult;

    /// <summary>The document was written since.</summary>
    public sealed record DocumentMoved(Document? Current) : RegionResult;

    public sealed record NothingToUndo : RegionResult;

    /// <summary>So much waits for the other regions that no change can be taken on.</summary>
    public sealed record OutboxFull : RegionResult;

    /// <param name="Count">Deletions carried out or refused.</param>
    /// <param name="Remaining">Those that still wait.</param>
    public sealed record BrakeMoved(int Count, long Remaining) : RegionResult;

    public sealed record BrakeNotPulled : RegionResult;
}
