using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Collections;
using Quorate.Core.Raft;

namespace Quorate.Core.StateMachine.Terms;

/// <summary>One term that had a leader.</summary>
/// <param name="LeaderlessMs">-1 when the winner had never heard of a leader.</param>
public sealed record TermRecord(
    NodeId Leader, Term Term, long Index, HlcTimestamp From, ElectionCause Cause, IReadOnlyList<NodeId> Votes, long LeaderlessMs);

/// <summary>The history of leaders, from the first entry of each term.</summary>
public sealed class TermTable
{
    /// <summary>Terms kept; older ones are dropped.</summary>
    public const int Capacity = 1000;

    private readonly CowTree<long, TermRecord> _terms = new(Comparer<long>.Default);

    /// <summary>Oldest first.</summary>
    public IEnumerable<TermRecord> All() => _terms.All().Select(pair => pair.Value);

    public int Count => _terms.Count;

    public TermRecord? Get(long term) => _terms.TryGet(term, out var record) ? record : null;

    internal CowTree<long, TermRecord>.Frozen Freeze() => _terms.Freeze();

    internal void Apply(TermStart start, Term term, in ApplyContext context)
    {
        var record = new TermRecord(start.Leader, term, context.Index, context.Time, start.Cause, start.Votes, start.LeaderlessMs);
        _terms.Set(term.Value, record);
        if (_terms.Count > Capacity)
        {
            _terms.Remove(_terms.All().First().Key);
        }

        context.Events.Add(new StateEvent.TermBegan(record));
    }

    internal void Restore(ref ByteReader reader)
    {
        var term = new Term(reader.VarInt());
        var index = reader.VarInt();
        var from = new HlcTimestamp(reader.VarInt());
        var start = RaftDataCodec.DecodeTermStart(reader.Bytes());
        _terms.Set(term.Value, new TermRecord(start.Leader, term, index, from, start.Cause, start.Votes, start.LeaderlessMs));
    }

    internal static void Write(ByteWriter writer, TermRecord record)
    {
        writer.VarInt(record.Term.Value);
        writer.VarInt(record.Index);
        writer.VarInt(record.From.Value);
        writer.Bytes(RaftDataCodec.Encode(new TermStart(record.Leader, record.Cause, record.Votes, record.LeaderlessMs)));
    }
}
