namespace Quorate.Node.Storage;

/// <summary>
/// Reads the records of one segment and judges its end.
/// <para>
/// A flush writes one batch and the next batch is written only after its fsync. So whatever lies behind a valid record of a
/// <em>later</em> batch was durable once, and damage there is the disk's. Only the last batch can be a write that a crash
/// interrupted; its pages reach the disk in any order, and a page that did not still reads as zeros.
/// </para>
/// </summary>
internal sealed class SegmentScan(ReadOnlyMemory<byte> segment, uint salt, int start, long firstBatch)
{
    /// <summary>The unit that a disk writes whole.</summary>
    private const int SectorBytes = 512;

    private long _batch = firstBatch - 1;
    private bool _batchEnded = true;

    /// <summary>Where the next record is expected; after the last one, where the records end.</summary>
    public int Position { get; private set; } = start;

    /// <summary>The number of the batch that would come next.</summary>
    public long NextBatch => _batch + 1;

    /// <summary>Whether the last record read was also the last of its batch.</summary>
    public bool BatchEnded => _batchEnded;

    public bool TryRead(out WalRecord record)
    {
        if (!WalRecord.TryRead(segment, Position, salt, out record) || record.Batch != (_batchEnded ? _batch + 1 : _batch))
        {
            return false;
        }

        _batch = record.Batch;
        _batchEnded = record.EndsBatch;
        Position = record.End;
        return true;
    }

    /// <summary>Whether nothing but reserved space follows.</summary>
    public bool RestIsZero() => segment.Span[Position..].IndexOfAnyExcept((byte)0) < 0;

    /// <summary>Whether what stands at <see cref="Position"/> cannot be the end of an interrupted write.</summary>
    public bool IsDamageBeforeTail()
    {
        var unfinished = _batchEnded ? _batch + 1 : _batch;
        var next = FindRecord(Position);
        if (next is null)
        {
            return false;
        }

        if (next.Value.Batch == unfinished && !HasLostSector(Position, next.Value.Offset))
        {
            return true;
        }

        for (; next is not null; next = FindRecord(next.Value.End))
        {
            if (next.Value.Batch != unfinished)
            {
                return true;
            }
        }

        return false;
    }

    private WalRecord? FindRecord(int from)
    {
        while (from < segment.Length)
        {
            var mark = segment.Span[from..].IndexOf(WalRecord.Mark);
            if (mark < 0)
            {
                return null;
            }

            var offset = from + mark - WalRecord.MarkOffset;
            if (offset >= Position && WalRecord.TryRead(segment, offset, salt, out var record))
            {
                return record;
            }

            from += mark + 1;
        }

        return null;
    }

    /// <summary>Whether some sector between two offsets was never written.</summary>
    private bool HasLostSector(int from, int to)
    {
        for (var start = from; ; )
        {
            var end = (start / SectorBytes + 1) * SectorBytes;
            if (end > to)
            {
                return false;
            }

            if (segment.Span[start..end].IndexOfAnyExcept((byte)0) < 0)
            {
                return true;
            }

            start = end;
        }
    }
}
