using System.Buffers.Binary;
using Quorate.Core.Raft;

namespace Quorate.Node.Storage;

/// <summary>Reads one snapshot from its start. Every block is checked before anything of it is handed out.</summary>
public sealed class SnapshotReader : IDisposable
{
    private readonly Stream _file;
    private readonly byte[] _block = new byte[SnapshotFormat.BlockBytes];
    private uint _checksum;
    private int _used;
    private int _length;
    private long _payload;
    private long _blocks;
    private bool _ended;

    /// <exception cref="FormatException">The header is damaged.</exception>
    internal SnapshotReader(Stream file)
    {
        _file = file;
        var header = SnapshotFormat.ReadHeader(file);
        Meta = header.Meta;
        Group = header.Group;
        _checksum = header.Checksum;
    }

    public GroupId Group { get; }

    public SnapshotMeta Meta { get; }

    /// <summary>Where the block that was read last begins, in bytes from the start of the file: after a failure, where the damage is.</summary>
    public long BlockOffset { get; private set; }

    /// <summary>The records in the order written. Each is valid until the next is asked for.</summary>
    /// <exception cref="FormatException">The file is damaged, which the store has checked before; the disk has changed since.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> Records()
    {
        var buffer = new byte[4096];
        while (!AtEnd())
        {
            Fill(buffer.AsSpan(0, sizeof(uint)));
            var length = BinaryPrimitives.ReadUInt32LittleEndian(buffer);
            if (length > _file.Length)
            {
                throw new FormatException($"a record of {length} bytes does not fit into the snapshot");
            }

            if (buffer.Length < length)
            {
                buffer = new byte[length];
            }

            Fill(buffer.AsSpan(0, (int)length));
            yield return buffer.AsMemory(0, (int)length);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Reads to the end, checking everything.</summary>
    /// <exception cref="FormatException">Something is damaged or missing.</exception>
    internal void Verify()
    {
        while (NextBlock())
        {
            _used = _length;
        }
    }

    private bool AtEnd() => _used == _length && !NextBlock();

    private void Fill(Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            if (AtEnd())
            {
                throw new FormatException("the last record is cut short");
            }

            var part = Math.Min(destination.Length, _length - _used);
            _block.AsSpan(_used, part).CopyTo(destination);
            _used += part;
            destination = destination[part..];
        }
    }

    private bool NextBlock()
    {
        if (_ended)
        {
            return false;
        }

        BlockOffset = _file.Position;
        Span<byte> header = stackalloc byte[SnapshotFormat.BlockHeaderSize];
        ReadExactly(header);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        if (length == 0)
        {
            ReadFooter(checksum);
            return false;
        }

        if (length > SnapshotFormat.BlockBytes)
        {
            throw new FormatException($"block {_blocks} has an impossible length");
        }

        ReadExactly(_block.AsSpan(0, (int)length));
        if (Crc32C.Compute(_block.AsSpan(0, (int)length), _checksum) != checksum)
        {
            throw new FormatException($"the checksum of block {_blocks} does not match");
        }

        (_checksum, _used, _length) = (checksum, 0, (int)length);
        _payload += length;
        _blocks++;
        return true;
    }

    private void ReadFooter(uint checksum)
    {
        Span<byte> footer = stackalloc byte[SnapshotFormat.FooterSize - SnapshotFormat.BlockHeaderSize];
        ReadExactly(footer);
        if (Crc32C.Compute(footer, _checksum) != checksum
            || BinaryPrimitives.ReadInt64LittleEndian(footer) != _payload
            || BinaryPrimitives.ReadInt64LittleEndian(footer[8..]) != _blocks)
        {
            throw new FormatException("the footer does not match");
        }

        if (_file.ReadByte() >= 0)
        {
            throw new FormatException("bytes follow the footer");
        }

        _ended = true;
        (_used, _length) = (0, 0);
    }

    private void ReadExactly(Span<byte> destination)
    {
        if (_file.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) < destination.Length)
        {
            throw new FormatException("the file ends too early");
        }
    }
}
