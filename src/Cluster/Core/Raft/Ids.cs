namespace Quorate.Core.Raft;

/// <summary>A Raft group. There is one today, <see cref="Default"/>; every frame and log carries it so that partitions can come later.</summary>
public readonly record struct GroupId(uint Value)
{
    public static readonly GroupId Default = new(0);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A member of the cluster, as named in its configuration. Ids are compared by their bytes and never reused after a removal.</summary>
public readonly record struct NodeId(string Value) : IComparable<NodeId>
{
    /// <summary>Longest id, in characters.</summary>
    public const int MaxLength = 64;

    public static readonly NodeId None = new("");

    public bool IsNone => string.IsNullOrEmpty(Value);

    public int CompareTo(NodeId other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}

/// <summary>A period with at most one leader (Raft §5.1). 0 is before the first election.</summary>
public readonly record struct Term(long Value) : IComparable<Term>
{
    public static readonly Term Zero = new(0);

    public Term Next => new(Value + 1);

    public int CompareTo(Term other) => Value.CompareTo(other.Value);

    public static bool operator <(Term left, Term right) => left.Value < right.Value;

    public static bool operator >(Term left, Term right) => left.Value > right.Value;

    public static bool operator <=(Term left, Term right) => left.Value <= right.Value;

    public static bool operator >=(Term left, Term right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A position in the log, counted from 1. 0 is the position before the first entry.</summary>
public readonly record struct LogIndex(long Value) : IComparable<LogIndex>
{
    public static readonly LogIndex Zero = new(0);

    public LogIndex Next => new(Value + 1);

    public LogIndex Previous => new(Value - 1);

    public int CompareTo(LogIndex other) => Value.CompareTo(other.Value);

    public static LogIndex Min(LogIndex a, LogIndex b) => a.Value <= b.Value ? a : b;

    public static LogIndex Max(LogIndex a, LogIndex b) => a.Value >= b.Value ? a : b;

    public static bool operator <(LogIndex left, LogIndex right) => left.Value < right.Value;

    public static bool operator >(LogIndex left, LogIndex right) => left.Value > right.Value;

    public static bool operator <=(LogIndex left, LogIndex right) => left.Value <= right.Value;

    public static bool operator >=(LogIndex left, LogIndex right) => left.Value >= right.Value;

    public static LogIndex operator +(LogIndex index, long count) => new(index.Value + count);

    public static LogIndex operator -(LogIndex index, long count) => new(index.Value - count);

    public static long operator -(LogIndex left, LogIndex right) => left.Value - right.Value;

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
