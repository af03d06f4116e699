using System.Diagnostics;
using Quorate.Core.Codec;
using Quorate.Core.Raft;

namespace Quorate.Node.Storage;

/// <summary>Records waiting for the next flush, in one buffer that is used again and again.</summary>
internal sealed class WalBatch
{
    /// <summary>A buffer that one large batch has blown up beyond this is given back.</summary>
    private const int KeptCapacity = 4 << 20;

    private readonly List<int> _starts = [];
    private readonly List<WalRecordType> _types = [];
    private ByteWriter _writer = new(64 << 10);

    public bool IsEmpty => _starts.Count == 0;

    public int Length => _writer.Length;

    public void Add(HardState state)
    {
        Begin(WalRecordType.HardState);
        EntryCodec.WriteHardState(_writer, state);
        End();
    }

    public void Add(SnapshotMeta installed)
    {
        Begin(WalRecordType.InstalledSnapshot);
        EntryCodec.WriteSnapshotMeta(_writer, installed);
        End();
    }

    public void Add(Entry entry)
    {
        Begin(WalRecordType.Entry);
        EntryCodec.Write(_writer, entry);
        End();
    }

    /// <summary>Fills in what is only known when the batch is written. May be done again for another segment.</summary>
    public ReadOnlySpan<byte> Seal(long batch, uint salt)
    {
        for (var i = 0; i < _starts.Count; i++)
        {
            var start = _starts[i];
            var last = i == _starts.Count - 1;
            var end = last ? _writer.Length : _starts[i + 1];
            _writer.PatchUInt32(start, WalRecord.FirstWord(_types[i], endsBatch: last));
            _writer.PatchUInt32(start + WalRecord.BatchOffset, (uint)batch);
            _writer.PatchUInt32(start + WalRecord.BatchOffset + 4, (uint)(batch >> 32));
            var record = _writer.WrittenSpan[start..end];
            _writer.PatchUInt32(start + WalRecord.CrcOffset, WalRecord.Checksum(record, record[WalRecord.HeaderSize..], salt));
        }

        return _writer.WrittenSpan;
    }

    public void Clear()
    {
        _starts.Clear();
        _types.Clear();
        if (_writer.Length > KeptCapacity)
        {
            _writer = new ByteWriter(64 << 10);
        }
        else
        {
            _writer.Clear();
        }
    }

    private void Begin(WalRecordType type)
    {
        _starts.Add(_writer.Length);
        _types.Add(type);
        _writer.UInt32(0);
        _writer.UInt32(0);
        _writer.Int64(0);
        _writer.UInt32(0);
        Debug.Assert(_writer.Length - _starts[^1] == WalRecord.HeaderSize);
    }

    private void End()
    {
        var start = _starts[^1];
        _writer.PatchUInt32(start + WalRecord.LengthOffset, (uint)(_writer.Length - start - WalRecord.HeaderSize));
    }
}
