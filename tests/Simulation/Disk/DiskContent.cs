using Quorate.Simulation.Time;

namespace Quorate.Simulation.Disk;

/// <summary>The bytes of a file: as the operating system shows them, and as they are on the platter.</summary>
internal sealed class DiskContent(long length)
{
    private const int SectorBytes = 512;

    private readonly byte[] _durable = new byte[length];
    private readonly SortedSet<int> _dirty = [];

    public byte[] Bytes { get; } = new byte[length];

    public void Write(ReadOnlySpan<byte> data, long offset)
    {
        data.CopyTo(Bytes.AsSpan((int)offset));
        for (var sector = offset / SectorBytes; sector <= (offset + data.Length - 1) / SectorBytes; sector++)
        {
            _dirty.Add((int)sector);
        }
    }

    public void Sync()
    {
        foreach (var sector in _dirty)
        {
            Sector(Bytes, sector).CopyTo(Sector(_durable, sector));
        }

        _dirty.Clear();
    }

    /// <summary>Each sector written and not synced reached the platter or did not, whatever its neighbours did.</summary>
    public void LosePower(SeededRandom random)
    {
        foreach (var sector in _dirty)
        {
            if (random.Chance(0.5))
            {
                Sector(Bytes, sector).CopyTo(Sector(_durable, sector));
            }
            else
            {
                Sector(_durable, sector).CopyTo(Sector(Bytes, sector));
            }
        }

        _dirty.Clear();
    }

    public void FlipBit(long offset, int bit)
    {
        Bytes[offset] ^= (byte)(1 << bit);
        _durable[offset] ^= (byte)(1 << bit);
    }

    private static Span<byte> Sector(byte[] bytes, int sector) =>
        bytes.AsSpan(sector * SectorBytes, Math.Min(SectorBytes, bytes.Length - sector * SectorBytes));
}
