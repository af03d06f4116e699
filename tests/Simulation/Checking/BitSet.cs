namespace Quorate.Simulation.Checking;

/// <summary>A set of small numbers, compared by content.</summary>
internal sealed class BitSet : IEquatable<BitSet>
{
    private readonly ulong[] _words;

    public BitSet(int size) => _words = new ulong[(size + 63) / 64];

    private BitSet(ulong[] words) => _words = words;

    public void Set(int bit) => _words[bit / 64] |= 1UL << (bit % 64);

    public void Clear(int bit) => _words[bit / 64] &= ~(1UL << (bit % 64));

    /// <summary>A copy that also has <paramref name="bit"/>.</summary>
    public BitSet With(int bit)
    {
        var copy = new BitSet((ulong[])_words.Clone());
        copy.Set(bit);
        return copy;
    }

    public bool Equals(BitSet? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

    public override bool Equals(object? obj) => Equals(obj as BitSet);

    public override int GetHashCode()
    {
        var hash = 14695981039346656037UL;
        foreach (var word in _words)
        {
            hash = (hash ^ word) * 1099511628211UL;
        }

        return (int)(hash ^ (hash >> 32));
    }
}
