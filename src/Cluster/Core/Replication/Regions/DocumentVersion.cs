using Quorate.Core.Clocks;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Replication.Regions;

/// <summary>A version of a document, as regions exchange it.</summary>
/// <param name="Region">Where it was written. With <see cref="Dot"/> it names the version: no other has both.</param>
/// <param name="Generation">Changes since the document was created, from 1.</param>
/// <param name="Value">UTF-8 JSON; null: the document was deleted.</param>
/// <param name="At">When it was written.</param>
/// <param name="Clock">The changes of each region that led here, this one among them.</param>
public sealed record DocumentVersion(
    string Region, string Rev, long Generation, ReadOnlyMemory<byte>? Value, HlcTimestamp CreatedAt, HlcTimestamp At, VectorClock Clock)
{
    /// <summary>Bytes that a version counts with, beside its value.</summary>
    public const int Overhead = 160;

    public bool IsDeletion => Value is null;

    /// <summary>Its number among the changes that <see cref="Region"/> made to the document.</summary>
    public long Dot => Clock[Region];

    public long Cost => Overhead + (Value?.Length ?? 0);

    public static DocumentVersion Of(Document document) => new(
        document.Region, document.Rev, document.Generation, document.Value, document.CreatedAt, document.ModifiedAt, document.Clock);

    /// <param name="sequence">The change's number in the log that followers pull.</param>
    public Document ToDocument(string key, long sequence) =>
        new(key, Value ?? throw new InvalidOperationException("a deletion is no document"), Rev, Generation, sequence, CreatedAt, At, Clock, Region);

    public bool HasSameValue(DocumentVersion other) =>
        Value is { } value && other.Value is { } otherValue ? value.Span.SequenceEqual(otherValue.Span) : IsDeletion && other.IsDeletion;

    /// <summary>The order in which the last writer wins: by time, then by region. Total over versions of one document.</summary>
    public static int CompareByTime(DocumentVersion left, DocumentVersion right)
    {
        var time = left.At.CompareTo(right.At);
        return time != 0 ? time : string.CompareOrdinal(left.Region, right.Region);
    }
}
