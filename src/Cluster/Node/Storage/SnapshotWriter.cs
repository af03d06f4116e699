using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Quorate.Core.Raft;

namespace Quorate.Node.Storage;

/// <summary>Writes one snapshot, record by record. Until <see cref="Commit"/> it does not exist for anybody; disposing without it discards.</summary>
public sealed class SnapshotWriter : IDisposable
{
    /// <summary>
    /// Bytes after which the disk begins with them. An fsync of everything at the end would let the log's own fsyncs wait behind it, and
    /// an fsync now and then would make the file system commit its journal each time, which they wait for as well.
    /// </summary>
    private const int WritebackEvery = 256 << 10;

    private readonly SnapshotStore _store;
    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private readonly byte[] _block = new byte[SnapshotFormat.BlockHeaderSize + SnapshotFormat.BlockBytes];
    private int _used;
    private uint _checksum;
    private long _offset;
    private long _handedOver;
    private long _payload;
    private long _blocks;
    private bool _committed;

    internal SnapshotWriter(SnapshotStore store, GroupId group, SnapshotMeta meta, string path)
    {
        _store = store;
        _path = path;
        Meta = meta;
        _handle = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None);
        Put(SnapshotFormat.EncodeHeader(group, meta, out _checksum));
    }

    public SnapshotMeta Meta { get; }

    /// <summary>Bytes of payload so far.</summary>
    public long Length => _payload + _used;

    /// <summary>Adds one record of any length.</summary>
    /// <exception cref="StorageException">The disk refuses; dispose the writer.</exception>
    public void Write(ReadOnlySpan<byte> record)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)record.Length);
        AddToBlock(length);
        AddToBlock(record);
    }

    /// <summary>Makes the snapshot durable and the latest one; deletes what is older than the one before it.</summary>
    /// <exception cref="StorageException">The disk refuses; the snapshot does not count.</exception>
    public void Commit()
    {
        EndBlock();
        Span<byte> footer = stackalloc byte[SnapshotFormat.FooterSize];
        footer.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(footer[SnapshotFormat.BlockHeaderSize..], _payload);
        BinaryPrimitives.WriteInt64LittleEndian(footer[(SnapshotFormat.BlockHeaderSize + 8)..], _blocks);
        BinaryPrimitives.WriteUInt32LittleEndian(footer[4..], Crc32C.Compute(footer[SnapshotFormat.BlockHeaderSize..], _checksum));
        Put(footer);
        SnapshotStore.Guarded(_path, () => DurableFile.Sync(_handle, _path));
        _handle.Dispose();
        _committed = true;
        _store.Accept(Meta, _path, _offset);
    }

    public void Dispose()
    {
        _handle.Dispose();
        if (!_committed)
        {
            File.Delete(_path);
        }
    }

    private void AddToBlock(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            var part = data[..Math.Min(data.Length, SnapshotFormat.BlockBytes - _used)];
            part.CopyTo(_block.AsSpan(SnapshotFormat.BlockHeaderSize + _used));
            _used += part.Length;
            data = data[part.Length..];
            if (_used == SnapshotFormat.BlockBytes)
            {
                EndBlock();
            }
        }
    }

    private void EndBlock()
    {
        if (_used == 0)
        {
            return;
        }

        var payload = _block.AsSpan(SnapshotFormat.BlockHeaderSize, _used);
        _checksum = Crc32C.Compute(payload, _checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(_block, (uint)_used);
        BinaryPrimitives.WriteUInt32LittleEndian(_block.AsSpan(4), _checksum);
        Put(_block.AsSpan(0, SnapshotFormat.BlockHeaderSize + _used));
        _payload += _used;
        _blocks++;
        _used = 0;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, _offset);
            _offset += bytes.Length;
            if (_offset - _handedOver >= WritebackEvery)
            {
                NativeFile.BeginWriteback(_handle, _handedOver, _offset - _handedOver);
                _handedOver = _offset;
            }
        }
        catch (IOException e)
        {
            throw SnapshotStore.Refused(_path, e);
        }
    }
}
