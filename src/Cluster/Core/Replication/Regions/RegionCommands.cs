using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication.Regions;

/// <summary>A command about regions and what comes of having several. Carried out by <see cref="RegionTable"/> and by the documents' table.</summary>
public abstract record RegionCommand : Command;

/// <summary>
/// Tells the cluster which region it is and which others there are. The first time, all documents that exist become changes for the others.
/// </summary>
public sealed record RegionConfigure(RegionSettings Settings) : RegionCommand;

public enum ConflictChoice : byte
{
    /// <summary>The latest version.</summary>
    Latest = 1,

    /// <summary>Each version under a name of its own.</summary>
    Fork = 2,

    /// <summary>The version of a region.</summary>
    Region = 3,

    /// <summary>A value that is none of them, or is.</summary>
    Value = 4,
}

/// <summary>Decides a conflict, or decides it otherwise.</summary>
/// <param name="Region">Whose version, for <see cref="ConflictChoice.Region"/>.</param>
/// <param name="Value">For <see cref="ConflictChoice.Value"/>: UTF-8 JSON.</param>
/// <param name="Expected">Only when the document has this revision; null: in any case.</param>
public sealed record ConflictResolve(
    string Id, ConflictChoice Choice, string? Region = null, ReadOnlyMemory<byte>? Value = null, string? Expected = null) : RegionCommand;

/// <summary>Takes a decision back: somebody's, or what the strategy made of two versions.</summary>
/// <param name="Force">Even when the document was written since.</param>
public sealed record ConflictUndo(string Id, bool Force = false) : RegionCommand;

/// <summary>Carries out deletions that a brake holds.</summary>
/// <param name="Max">At most so many; from 1.</param>
public sealed record BrakeRelease(string Collection, int Max) : RegionCommand;

/// <summary>Refuses deletions that a brake holds: the documents stay, and come back where they were deleted.</summary>
/// <param name="Max">At most so many; from 1.</param>
public sealed record BrakeRefuse(string Collection, int Max) : RegionCommand;
