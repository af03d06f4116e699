using System.Globalization;
using System.Security.Cryptography;
using Quorate.Core.Raft;
using Quorate.Node.Diagnostics;

namespace Quorate.Node.Storage;

public sealed partial class WriteAheadLog
{
    private const string SegmentExtension = ".wal";
    private const string TemporaryExtension = ".tmp";
    private const string NextName = "next" + TemporaryExtension;

    /// <summary>How often a full disk is asked again.</summary>
    private static readonly TimeSpan ReserveRetry = TimeSpan.FromSeconds(1);

    private readonly List<Segment> _sealed = [];
    // Both set by Recover, before the constructor ends.
    private Segment _active = null!;
    private IWalFile _activeFile = null!;
    private IWalFile? _next;
    private long _reserveTriedAt;
    private volatile bool _hasRoom = true;
    private long _bytesOnDisk;
    private volatile int _segmentCount;

    /// <summary>
    /// Whether new entries should be accepted. False from the moment the disk has no space for the segment after the active one:
    /// what is left then is for votes and terms, so that the node goes on taking part and serving reads.
    /// </summary>
    public bool HasRoom => _hasRoom;

    public int SegmentCount => _segmentCount;

    /// <summary>Bytes reserved by segments, the next one included.</summary>
    public long BytesOnDisk => Interlocked.Read(ref _bytesOnDisk);

    /// <summary>Deletes the segments at the start of the log that hold nothing after <paramref name="upTo"/>.</summary>
    /// <param name="upTo">Covered by a durable snapshot. With two snapshots kept, the older one's index: the newer may turn out damaged.</param>
    /// <returns>Number of segments deleted.</returns>
    public int Compact(LogIndex upTo)
    {
        ThrowIfFailed();
        var deleted = 0;
        while (_sealed.Count > 0 && _sealed[0].HighestIndex <= upTo)
        {
            var segment = _sealed[0];
            try
            {
                // Each deletion durable before the next: a later segment gone while an earlier one is left would look like a missing one.
                _files.Delete(segment.Path);
                _files.SyncDirectory(_directory);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                StorageLog.SegmentNotDeleted(_logger, segment.Path, e);
                break;
            }

            _sealed.RemoveAt(0);
            deleted++;
        }

        if (deleted > 0)
        {
            StorageLog.Compacted(_logger, deleted, upTo.Value);
            CountBytes();
        }

        return deleted;
    }

    private static string PathOf(string directory, long sequence) =>
        Path.Combine(directory, sequence.ToString("D16", CultureInfo.InvariantCulture) + SegmentExtension);

    private RecoveredLog Recover()
    {
        foreach (var name in _files.List(_directory).Where(name => Path.GetExtension(name) == TemporaryExtension))
        {
            _files.Delete(Path.Combine(_directory, name));
        }

        var recovery = new Recovery(_files, _directory, _options);
        var recovered = recovery.Run();
        _flushed = _pending = new WalState(recovered.HardState, recovered.InstalledSnapshot, recovered.LastIndex, LogIndex.Zero);
        _nextBatch = recovery.NextBatch;
        _sealed.AddRange(recovery.Segments);
        if (recovered.Torn is { } torn)
        {
            StorageLog.TornTail(_logger, torn.File, torn.Offset, recovered.LastIndex.Value);
        }

        if (_sealed.Count > 0)
        {
            Reactivate();
        }

        if (_active is null || recovered.Torn is not null)
        {
            // The header of a new segment says where the one before ends, which is what cuts an interrupted write off for good.
            Roll(0);
        }

        ReserveNext();
        return recovered;
    }

    /// <summary>
    /// Goes on with the last segment. What was just read may have been written by a process that died before its fsync:
    /// it must be on the disk before this node acts on it.
    /// </summary>
    private void Reactivate()
    {
        _active = _sealed[^1];
        _sealed.RemoveAt(_sealed.Count - 1);
        _activeFile = _files.Open(_active.Path);
        _activeFile.Sync();
        _files.SyncDirectory(_directory);
    }

    /// <summary>Starts a new segment with room for <paramref name="batchBytes"/>. On a full disk nothing has changed.</summary>
    private void Roll(int batchBytes)
    {
        var sequence = (_active?.Sequence ?? 0) + 1;
        var path = PathOf(_directory, sequence);
        var header = new SegmentHeader(
            _options.Group, _options.Node, sequence, BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)),
            _active?.End ?? 0, _nextBatch, _flushed.LastIndex, _flushed.HardState, _flushed.Snapshot);
        var headerBytes = header.Encode();
        var needed = headerBytes.Length + (long)batchBytes;
        long length;
        try
        {
            _next ??= CreateNext(needed);
            if (_next.Length < needed)
            {
                _next.Dispose();
                _next = null;
                _next = CreateNext(needed);
            }

            length = _next.Length;
            _next.Write(headerBytes, 0);
            _next.Sync();
            _files.Rename(Path.Combine(_directory, NextName), path);
            _files.SyncDirectory(_directory);
        }
        catch (Exception e) when (DiskErrors.IsDiskFull(e))
        {
            _hasRoom = false;
            _next?.Dispose();
            _next = null;
            throw new WalDiskFullException(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fail(path, e);
        }

        if (_active is not null)
        {
            _sealed.Add(_active);
            _activeFile.Dispose();
        }

        _active = new Segment(sequence, path, header.Salt, length) { End = headerBytes.Length };
        _activeFile = _next;
        _next = null;
        _hasRoom = true;
        CountBytes();
    }

    /// <summary>Has the next segment's space ready before it is needed, so that a full disk shows while there is still room.</summary>
    private void ReserveNext()
    {
        if (_next is null && (_hasRoom || _options.Clock.GetElapsedTime(_reserveTriedAt) > ReserveRetry))
        {
            _reserveTriedAt = _options.Clock.GetTimestamp();
            try
            {
                _next = CreateNext(0);
                CountBytes();
            }
            catch (Exception e) when (DiskErrors.IsDiskFull(e))
            {
                if (_hasRoom)
                {
                    StorageLog.DiskFull(_logger, _directory, _active.Room);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Fail(Path.Combine(_directory, NextName), e);
            }
        }

        var hadRoom = _hasRoom;
        _hasRoom = _next is not null;
        if (_hasRoom && !hadRoom)
        {
            StorageLog.DiskHasSpaceAgain(_logger, _directory);
        }
    }

    private IWalFile CreateNext(long needed)
    {
        var path = Path.Combine(_directory, NextName);
        try
        {
            var file = _files.Create(path, Math.Max(_options.SegmentBytes, needed));
            file.Sync();
            return file;
        }
        catch (Exception e) when (DiskErrors.IsDiskFull(e))
        {
            // A part of the space may have been taken before the rest was refused.
            _files.Delete(path);
            throw;
        }
    }

    private void WriteToActive(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            _activeFile.Write(bytes, offset);
        }
        catch (Exception e) when (DiskErrors.IsDiskFull(e))
        {
            // Space was reserved, but some file systems need more to write. Nothing was promised: the next try writes the same place.
            _hasRoom = false;
            throw new WalDiskFullException(_active.Path, e);
        }
        catch (IOException e)
        {
            throw Fail(_active.Path, e);
        }
    }

    private void SyncActive()
    {
        try
        {
            _activeFile.Sync();
        }
        catch (IOException e)
        {
            throw Fail(_active.Path, e);
        }
    }

    private void CountBytes()
    {
        Interlocked.Exchange(ref _bytesOnDisk, _sealed.Sum(segment => segment.Length) + _active.Length + (_next?.Length ?? 0));
        _segmentCount = _sealed.Count + 1;
    }

    /// <summary>One segment file.</summary>
    private sealed class Segment(long sequence, string path, uint salt, long length)
    {
        public long Sequence { get; } = sequence;

        public string Path { get; } = path;

        public uint Salt { get; } = salt;

        /// <summary>Bytes reserved.</summary>
        public long Length { get; } = length;

        /// <summary>Where the next record goes.</summary>
        public long End { get; set; }

        /// <summary>The highest index that any record here has taken the log to, overwritten or not.</summary>
        public LogIndex HighestIndex { get; set; }

        public long Room => Length - End;
    }
}
