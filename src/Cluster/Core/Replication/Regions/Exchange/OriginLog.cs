using Quorate.Core.Codec;
using Quorate.Core.Collections;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>A change in an origin's log.</summary>
/// <param name="Total">What all changes that the log ever had count together, this one included.</param>
internal sealed record LoggedChange(ChangeEvent Change, long Total);

/// <summary>
/// What the coordinator has of one origin: its changes by number, until all others have them or there are too many. A number that was
/// refused has no change in the log, and its reason is kept until the origin has settled it.
/// </summary>
/// <remarks>Invariants: 1. numbers in the log lie after <see cref="Pruned"/> and up to <see cref="Received"/>; 2. within one session <see cref="Received"/> grows by one change at a time.</remarks>
public sealed class OriginLog
{
    private readonly CowTree<long, LoggedChange> _changes = new(Comparer<long>.Default);
    private readonly CowTree<long, Refusal> _refusals = new(Comparer<long>.Default);
    private long _total;

    public OriginLog(string origin) => Origin = origin;

    public string Origin { get; }

    public long Session { get; private set; }

    /// <summary>The last number seen.</summary>
    public long Received { get; private set; }

    /// <summary>Up to here nothing is kept.</summary>
    public long Pruned { get; private set; }

    public int Count => _changes.Count;

    public long Bytes { get; private set; }

    /// <summary>Changes that came again, and were passed over.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Changes and messages that were refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Whether somebody at this position can go on with the log, or needs a copy.</summary>
    public bool Reaches(long position) => position >= Pruned && position <= Received;

    /// <summary>What comes after a position counts so much.</summary>
    public long BytesAfter(long position)
    {
        foreach (var (_, logged) in _changes.From(position + 1))
        {
            return _total - logged.Total + logged.Change.Cost;
        }

        return 0;
    }

    /// <summary>The changes after a position, by number. The log must not change meanwhile.</summary>
    public IEnumerable<ChangeEvent> After(long position) => _changes.From(position + 1).Select(pair => pair.Value.Change);

    public IEnumerable<Refusal> Refusals(long after) => _refusals.From(after + 1).Select(pair => pair.Value);

    internal void Begin(long session) => Session = session;

    /// <summary>The origin is further than this log: what came between is lost here, and is never given a number again.</summary>
    internal void Skip(long settled)
    {
        if (settled > Received)
        {
            PruneTo(Received);
            (Received, Pruned) = (settled, settled);
        }
    }

    /// <summary>
    /// Somebody has this number, which the log has lost. It goes on with numbers that nobody has, in a new session of the origin; who has less gets a copy,
    /// and so does who has this.
    /// </summary>
    internal void GoOnAfter(long number)
    {
        Skip(number + 1);
        Session++;
    }

    internal void Record(ChangeEvent change)
    {
        _total += change.Cost;
        Bytes += change.Cost;
        Received = change.Number;
        _changes.Set(change.Number, new LoggedChange(change, _total));
    }

    internal void Refuse(Refusal refusal)
    {
        Refused++;
        Received = refusal.Number;
        _refusals.Set(refusal.Number, refusal);
    }

    internal void CountRefused() => Refused++;

    internal void CountDuplicate() => Duplicates++;

    internal void Settle(long upTo)
    {
        while (_refusals.Count > 0 && _refusals.All().First() is var (number, _) && number <= upTo)
        {
            _refusals.Remove(number);
        }
    }

    internal bool IsFull(int keepChanges, long keepBytes) => _changes.Count >= keepChanges || Bytes >= keepBytes;

    /// <summary>Forgets what all have, and the oldest of what is too much.</summary>
    /// <param name="taken">What can be had as a copy: nothing beyond is forgotten.</param>
    internal void Prune(long acknowledged, long taken, int keepChanges, long keepBytes)
    {
        PruneTo(Math.Min(acknowledged, Received));
        while ((_changes.Count > keepChanges || Bytes > keepBytes) && _changes.All().First().Key is var oldest && oldest <= taken)
        {
            PruneTo(oldest);
        }
    }

    internal FrozenOrigin Freeze() => new(Origin, Session, Received, Pruned, _total, Duplicates, Refused, _changes.Freeze(), _refusals.Freeze());

    internal void Restore(ref ByteReader reader)
    {
        (Session, Received, Pruned) = (reader.VarInt(), reader.VarInt(), reader.VarInt());
        (_total, Duplicates, Refused) = (reader.VarInt(), reader.VarInt(), reader.VarInt());
    }

    internal void Restore(LoggedChange logged)
    {
        Bytes += logged.Change.Cost;
        _changes.Set(logged.Change.Number, logged);
    }

    internal void Restore(Refusal refusal) => _refusals.Set(refusal.Number, refusal);

    private void PruneTo(long number)
    {
        foreach (var (pruned, logged) in _changes.All().TakeWhile(pair => pair.Key <= number).ToList())
        {
            Bytes -= logged.Change.Cost;
            _changes.Remove(pruned);
        }

        Pruned = Math.Max(Pruned, number);
    }
}

/// <summary>An origin's log as it was after one entry.</summary>
internal sealed record FrozenOrigin(
    string Origin,
    long Session,
    long Received,
    long Pruned,
    long Total,
    long Duplicates,
    long Refused,
    CowTree<long, LoggedChange>.Frozen Changes,
    CowTree<long, Refusal>.Frozen Refusals);
