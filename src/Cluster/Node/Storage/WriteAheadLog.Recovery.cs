using System.Globalization;
using Quorate.Core.Codec;
using Quorate.Core.Raft;

namespace Quorate.Node.Storage;

public sealed partial class WriteAheadLog
{
    /// <summary>Reads a log without changing it or taking its lock, to check it.</summary>
    /// <exception cref="WalCorruptedException">It is damaged before its tail, or a segment is missing.</exception>
    /// <exception cref="StorageException">It cannot be read, or belongs to another node or group.</exception>
    public static RecoveredLog Inspect(string directory, WalOptions options, IWalFiles? files = null) =>
        Guarded(directory, () => new Recovery(files ?? DiskFiles.Instance, Path.GetFullPath(directory), options).Run());

    /// <summary>Replays the segments in order into the log they add up to.</summary>
    private sealed class Recovery(IWalFiles files, string directory, WalOptions options)
    {
        /// <summary>Room for the ids of more members than any cluster has.</summary>
        private const int MaxHeaderBytes = 256 << 10;

        private readonly List<Entry> _entries = [];
        private byte[] _buffer = [];
        private HardState _hardState;
        private SnapshotMeta? _snapshot;
        private LogIndex _last;

        public List<Segment> Segments { get; } = [];

        public long NextBatch { get; private set; } = 1;

        public RecoveredLog Run()
        {
            var sequences = Sequences();
            TornTail? torn = null;
            SegmentHeader? next = null;
            for (var i = 0; i < sequences.Count; i++)
            {
                var header = next ?? ReadHeader(sequences[i]);
                next = i + 1 < sequences.Count ? ReadHeader(sequences[i + 1]) : null;
                if (i == 0)
                {
                    (_hardState, _snapshot, _last, NextBatch) = (header.HardState, header.Snapshot, header.LastIndex, header.FirstBatch);
                }

                torn = Replay(header, next);
            }

            return new RecoveredLog(directory, _hardState, _snapshot, _entries, _last, Segments.Count, torn);
        }

        /// <returns>The interrupted write at its end, when there is one.</returns>
        private TornTail? Replay(SegmentHeader header, SegmentHeader? next)
        {
            var path = PathOf(directory, header.Sequence);
            var bytes = Load(path, Array.MaxLength);
            if (header.FirstBatch != NextBatch)
            {
                throw new WalCorruptedException(path, 0, $"it begins with batch {header.FirstBatch} where {NextBatch} is due");
            }

            _ = SegmentHeader.Decode(bytes, out var start);
            var end = next is null ? bytes.Length : (int)Math.Min(next.PreviousEnd, bytes.Length);
            var scan = new SegmentScan(bytes[..end], header.Salt, start, header.FirstBatch);
            var highest = LogIndex.Zero;
            while (scan.TryRead(out var record))
            {
                highest = LogIndex.Max(highest, Apply(path, record));
            }

            NextBatch = scan.NextBatch;
            Segments.Add(new Segment(header.Sequence, path, header.Salt, bytes.Length) { End = scan.Position, HighestIndex = highest });
            if (next is not null)
            {
                return scan.Position == next.PreviousEnd
                    ? null
                    : throw new WalCorruptedException(path, scan.Position, $"its records should go on to {next.PreviousEnd}");
            }

            if (scan.RestIsZero() && scan.BatchEnded)
            {
                return null;
            }

            return scan.IsDamageBeforeTail()
                ? throw new WalCorruptedException(path, scan.Position, "an unreadable record is followed by readable ones")
                : new TornTail(path, scan.Position);
        }

        /// <returns>The index that the record takes the log to, 0 when it takes it nowhere.</returns>
        private LogIndex Apply(string path, WalRecord record)
        {
            try
            {
                var reader = new ByteReader(record.Payload);
                switch (record.Type)
                {
                    case WalRecordType.HardState:
                        _hardState = EntryCodec.ReadHardState(ref reader);
                        reader.End();
                        return LogIndex.Zero;
                    case WalRecordType.InstalledSnapshot:
                        _snapshot = EntryCodec.ReadSnapshotMeta(ref reader);
                        reader.End();
                        _entries.Clear();
                        return _last = _snapshot.Index;
                    default:
                        var entry = EntryCodec.Read(ref reader);
                        reader.End();
                        Overwrite(entry);
                        return _last = entry.Index;
                }
            }
            catch (FormatException e)
            {
                throw new WalCorruptedException(path, record.Offset, e.Message);
            }
        }

        /// <summary>An entry at a known index replaces it and everything after it.</summary>
        private void Overwrite(Entry entry)
        {
            if (entry.Index > _last.Next)
            {
                throw new FormatException($"entry {entry.Index} follows entry {_last}");
            }

            if (_entries.Count > 0)
            {
                var keep = (int)Math.Max(0, entry.Index - _entries[0].Index);
                _entries.RemoveRange(keep, _entries.Count - keep);
            }

            _entries.Add(entry);
        }

        private SegmentHeader ReadHeader(long sequence)
        {
            var path = PathOf(directory, sequence);
            SegmentHeader header;
            try
            {
                header = SegmentHeader.Decode(Load(path, MaxHeaderBytes), out _);
            }
            catch (FormatException e)
            {
                throw new WalCorruptedException(path, 0, e.Message);
            }

            if (header.Sequence != sequence)
            {
                throw new WalCorruptedException(path, 0, $"it calls itself segment {header.Sequence}");
            }

            if (header.Group != options.Group || (!header.Node.IsNone && !options.Node.IsNone && header.Node != options.Node))
            {
                throw new DataDirectoryException(
                    $"{path} belongs to node '{header.Node}', group {header.Group}, not to node '{options.Node}', group {options.Group}. Check the data directory.");
            }

            return header;
        }

        private List<long> Sequences()
        {
            var sequences = new List<long>();
            foreach (var name in files.List(directory))
            {
                if (Path.GetExtension(name) == SegmentExtension)
                {
                    sequences.Add(long.TryParse(Path.GetFileNameWithoutExtension(name), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                        ? sequence
                        : throw new StorageException($"{Path.Combine(directory, name)} is not a log segment. Remove it from the log's directory."));
                }
            }

            sequences.Sort();
            for (var i = 1; i < sequences.Count; i++)
            {
                if (sequences[i] != sequences[i - 1] + 1)
                {
                    throw new WalCorruptedException(PathOf(directory, sequences[i - 1] + 1), 0, "the segment is missing");
                }
            }

            return sequences;
        }

        private ReadOnlyMemory<byte> Load(string path, int atMost)
        {
            using var file = files.Open(path);
            var length = (int)Math.Min(file.Length, atMost);
            if (_buffer.Length < length)
            {
                _buffer = new byte[length];
            }

            return _buffer.AsMemory(0, file.Read(_buffer.AsSpan(0, length), 0));
        }
    }
}
