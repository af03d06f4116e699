using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>What happens when two regions change a document and neither has seen the other's change.</summary>
public enum ConflictStrategy : byte
{
    /// <summary>The later hybrid logical time wins; the loser is kept in the ledger.</summary>
    LastWriterWins = 1,

    /// <summary>Both live on, under names of their own.</summary>
    Fork = 2,

    /// <summary>Somebody decides.</summary>
    Manual = 3,
}

/// <summary>A document as it is after its last change.</summary>
/// <param name="Value">UTF-8 JSON; the table does not look inside.</param>
/// <param name="Rev">Of the last change; see <see cref="Revisions"/>.</param>
/// <param name="Generation">Changes since it was created, from 1.</param>
/// <param name="Sequence">The last change's number in the region's log.</param>
/// <param name="Clock">The changes of each region that led here.</param>
/// <param name="Region">Where the last change was made.</param>
public sealed record Document(
    string Key,
    ReadOnlyMemory<byte> Value,
    string Rev,
    long Generation,
    long Sequence,
    HlcTimestamp CreatedAt,
    HlcTimestamp ModifiedAt,
    VectorClock Clock,
    string Region);

/// <summary>
/// Names of revisions: the generation, a dash, and 16 hexadecimal digits of a hash over the parent, the time, the region and the value.
/// Two regions that change the same revision make different ones.
/// </summary>
public static class Revisions
{
    /// <summary>Longest revision, in characters.</summary>
    public const int MaxLength = 64;

    private const int StampBytes = 8;

    /// <summary>What is no longer is hashed with one call, which costs half as much; what is longer piece by piece, without a copy.</summary>
    private const int OnStack = 1024;

    /// <param name="parent">The revision before; null for the first.</param>
    /// <param name="value">Empty for a deletion.</param>
    public static string Next(string? parent, long generation, HlcTimestamp time, string region, ReadOnlySpan<byte> value)
    {
        Span<byte> stamp = stackalloc byte[StampBytes];
        BinaryPrimitives.WriteInt64LittleEndian(stamp, time.Value);
        var names = Encoding.UTF8.GetBytes($"{parent}\0{region}\0");
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (StampBytes + names.Length + value.Length is <= OnStack and var length)
        {
            Span<byte> all = stackalloc byte[OnStack];
            stamp.CopyTo(all);
            names.CopyTo(all[StampBytes..]);
            value.CopyTo(all[(StampBytes + names.Length)..]);
            SHA256.HashData(all[..length], digest);
        }
        else
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(stamp);
            hash.AppendData(names);
            hash.AppendData(value);
            hash.GetHashAndReset(digest);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{generation}-{BinaryPrimitives.ReadUInt64BigEndian(digest):x16}");
    }
}
