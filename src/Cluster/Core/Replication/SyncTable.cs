using System.Diagnostics;
using Quorate.Core.Collections;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Replication;

/// <summary>
/// The log of committed changes of documents, and the followers that pull it. An entry goes when every follower has it, or when the
/// log is longer than its retention; a follower that is overtaken by that needs a snapshot. Without followers the retention alone counts.
/// </summary>
/// <remarks>Invariants: 1. sequences in the log follow each other without a gap; 2. a position of a follower is never beyond the last.</remarks>
public sealed partial class SyncTable
{
    public const int MaxFollowers = 64;

    private readonly CowTree<long, SyncEntry> _entries = new(Comparer<long>.Default);
    private readonly CowTree<string, Follower> _followers = new(StringComparer.Ordinal);

    /// <summary>The newest change; 0 before the first.</summary>
    public long Last { get; private set; }

    /// <summary>The oldest change kept; one more than <see cref="Last"/> when none is.</summary>
    public long First => Last - _entries.Count + 1;

    public int Count => _entries.Count;

    /// <summary>What the kept entries count together; see <see cref="SyncEntry.Cost"/>.</summary>
    public long Bytes { get; private set; }

    public SyncRetention Retention { get; private set; } = SyncRetention.Default;

    public IEnumerable<Follower> Followers => _followers.All().Select(pair => pair.Value);

    public Follower? GetFollower(string id) => _followers.TryGet(id, out var follower) ? follower : null;

    public SyncEntry? Get(long sequence) => _entries.TryGet(sequence, out var entry) ? entry : null;

    /// <summary>Kept entries after a change, oldest first. The table must not change meanwhile.</summary>
    public IEnumerable<SyncEntry> After(long sequence) => _entries.From(sequence + 1).Select(pair => pair.Value);

    /// <summary>Whether somebody at this position can go on with the log, or needs a snapshot.</summary>
    public bool Reaches(long sequence) => sequence >= First - 1 && sequence <= Last;

    /// <summary>The sequence that the next change gets.</summary>
    internal long Next => Last + 1;

    internal void Append(SyncEntry entry, in ApplyContext context)
    {
        if (entry.Sequence != Next)
        {
            throw new InvalidOperationException($"change {entry.Sequence} does not follow {Last}");
        }

        Last = entry.Sequence;
        Bytes += entry.Cost;
        _entries.Set(entry.Sequence, entry);
        PruneTo(0);
        context.Events.Add(new StateEvent.DocumentChanged(entry));
    }

    internal SyncResult Apply(SyncCommand command, DocumentSet documents, BlobTable blobs, in ApplyContext context) => command switch
    {
        FollowerReport report => Report(report, context),
        FollowerPin pin => Pin(pin, context),
        FollowerLeave leave => Leave(leave, context),
        SyncRetain retain => Retain(retain),
        ReplicaApply apply => Follow(apply, documents, blobs, context),
        ReplicaReset => BeginLoad(),
        ReplicaLoad load => Load(load),
        ReplicaReady ready => EndLoad(ready, documents, blobs, context),
        _ => throw new UnreachableException(command.GetType().Name),
    };

    private SyncResult Report(FollowerReport report, in ApplyContext context)
    {
        if (report.Sequence > Last)
        {
            return new SyncResult.Ahead(Last);
        }

        var known = GetFollower(report.Id);
        if (known is null && _followers.Count >= MaxFollowers)
        {
            return new SyncResult.TooManyFollowers(MaxFollowers);
        }

        // A position at or beyond the snapshot means that the snapshot has arrived.
        var pinned = known?.Pinned > report.Sequence ? known.Pinned : null;
        _followers.Set(report.Id, new Follower(report.Id, report.Sequence, pinned, known?.RegisteredAt ?? context.Time, context.Time));
        PruneTo(KeptFrom());
        context.Events.Add(new StateEvent.FollowerMoved(report.Id));
        return new SyncResult.Standing(report.Sequence, First, Last);
    }

    private SyncResult Pin(FollowerPin pin, in ApplyContext context)
    {
        if (GetFollower(pin.Id) is not { } follower)
        {
            return new SyncResult.FollowerNotFound();
        }

        _followers.Set(pin.Id, follower with { Pinned = Last, ReportedAt = context.Time });
        return new SyncResult.Standing(Last, First, Last);
    }

    private SyncResult Leave(FollowerLeave leave, in ApplyContext context)
    {
        if (GetFollower(leave.Id) is not { } follower)
        {
            return new SyncResult.FollowerNotFound();
        }

        _followers.Remove(leave.Id);
        PruneTo(KeptFrom());
        context.Events.Add(new StateEvent.FollowerMoved(leave.Id));
        return new SyncResult.Standing(follower.Sequence, First, Last);
    }

    private SyncResult.Retained Retain(SyncRetain retain)
    {
        Retention = new SyncRetention(retain.MaxEntries, retain.MaxBytes);
        PruneTo(KeptFrom());
        return new SyncResult.Retained();
    }

    /// <summary>The position before the first entry that somebody needs. Who needs a snapshot anyhow keeps nothing from going.</summary>
    private long KeptFrom()
    {
        var waiting = Followers.Where(follower => Reaches(follower.Holds)).ToList();
        return waiting.Count == 0 ? 0 : waiting.Min(follower => follower.Holds);
    }

    private void PruneTo(long sequence)
    {
        while (_entries.Count > 0 && (First <= sequence || _entries.Count > Retention.MaxEntries || Bytes > Retention.MaxBytes))
        {
            var oldest = Get(First)!;
            Bytes -= oldest.Cost;
            _entries.Remove(oldest.Sequence);
        }
    }
}
