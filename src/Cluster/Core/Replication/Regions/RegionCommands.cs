using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication.Regions;

/// <summary>A command about regions. Carried out by <see cref="RegionTable"/> and by the documents' table.</summary>
public abstract record RegionCommand : Command;

/// <summary>
/// Tells the cluster which region it is and which others there are. The first time, all documents that exist become changes for the others.
/// </summary>
public sealed record RegionConfigure(RegionSettings Settings) : RegionCommand;
