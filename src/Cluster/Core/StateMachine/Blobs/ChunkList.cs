namespace Quorate.Core.StateMachine.Blobs;

/// <summary>The chunks of a blob in their order, one digest after the other.</summary>
/// <param name="packed">A multiple of <see cref="Digest.Length"/> bytes. Not copied.</param>
public readonly struct ChunkList(ReadOnlyMemory<byte> packed)
{
    public static readonly ChunkList Empty = new(default);

    public ReadOnlyMemory<byte> Packed => packed;

    public int Count => packed.Length / Digest.Length;

    public Digest this[int index] => Digest.Read(packed.Span[(index * Digest.Length)..]);

    public static ChunkList Of(IReadOnlyCollection<Digest> digests)
    {
        var bytes = new byte[digests.Count * Digest.Length];
        var offset = 0;
        foreach (var digest in digests)
        {
            digest.Write(bytes.AsSpan(offset));
            offset += Digest.Length;
        }

        return new ChunkList(bytes);
    }

    /// <summary>These chunks and then <paramref name="more"/>, from <paramref name="skip"/> of them on.</summary>
    public ChunkList Append(ChunkList more, int skip)
    {
        var added = more.Packed.Span[(skip * Digest.Length)..];
        var bytes = new byte[packed.Length + added.Length];
        packed.Span.CopyTo(bytes);
        added.CopyTo(bytes.AsSpan(packed.Length));
        return new ChunkList(bytes);
    }

    public bool StartsWith(ChunkList other, int from)
    {
        var common = Math.Min(other.Packed.Length, packed.Length - (from * Digest.Length));
        return packed.Span.Slice(from * Digest.Length, common).SequenceEqual(other.Packed.Span[..common]);
    }

    /// <summary>Each chunk once in its place; a chunk whose content occurs twice comes twice.</summary>
    public IEnumerable<Digest> All()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }
}
