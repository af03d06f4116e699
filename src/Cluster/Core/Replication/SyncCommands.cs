using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication;

/// <summary>A command about the log of changes and those who follow it.</summary>
public abstract record SyncCommand : Command;

/// <summary>Registers a follower, or says how far it is: the log keeps for it what comes after.</summary>
/// <param name="Sequence">The last change that is durable there; 0 before the first.</param>
public sealed record FollowerReport(string Id, long Sequence) : SyncCommand;

/// <summary>Keeps for a follower everything from now on, because it is going to be sent a snapshot of what there is.</summary>
public sealed record FollowerPin(string Id) : SyncCommand;

/// <summary>Forgets a follower: nothing is kept for it any more.</summary>
public sealed record FollowerLeave(string Id) : SyncCommand;

/// <summary>Sets how much of the log is kept for followers that do not keep up.</summary>
/// <param name="MaxEntries">From 1.</param>
/// <param name="MaxBytes">From 1.</param>
public sealed record SyncRetain(long MaxEntries, long MaxBytes) : SyncCommand;

/// <summary>On a follower: carries out changes that were committed at the source.</summary>
/// <param name="Entries">Following each other without a gap. Those that were carried out before are passed over.</param>
public sealed record ReplicaApply(IReadOnlyList<SyncEntry> Entries) : SyncCommand;

/// <summary>On a follower: begins to load a snapshot. What there is stays readable until the snapshot is complete.</summary>
public sealed record ReplicaReset : SyncCommand;

/// <summary>On a follower: a part of the snapshot.</summary>
public sealed record ReplicaLoad(IReadOnlyList<SyncEntry> Entries) : SyncCommand;

/// <summary>On a follower: the snapshot is complete and takes the place of what there was.</summary>
/// <param name="Sequence">The last change that the snapshot has in it.</param>
public sealed record ReplicaReady(long Sequence) : SyncCommand;
