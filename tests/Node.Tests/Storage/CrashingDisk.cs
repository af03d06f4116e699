using Quorate.Node.Storage;

namespace Quorate.Node.Tests.Storage;

/// <summary>
/// A disk in memory that loses power. What was not synced then survives by chance: each sector written since the last sync
/// of its file on its own, and of the names changed since the last sync of the directory a prefix.
/// </summary>
internal sealed class CrashingDisk(int seed) : IWalFiles
{
    private const int SectorBytes = 512;

    private readonly Random _random = new(seed);
    private readonly List<Action<Dictionary<string, Content>>> _unsyncedNames = [];
    private Dictionary<string, Content> _names = [];
    private Dictionary<string, Content> _durableNames = [];

    /// <summary>Called before every operation that changes something; may throw <see cref="PowerFailure"/>.</summary>
    public Action BeforeChange { get; set; } = () => { };

    public void LosePower()
    {
        foreach (var change in _unsyncedNames.Take(_random.Next(_unsyncedNames.Count + 1)))
        {
            change(_durableNames);
        }

        _unsyncedNames.Clear();
        foreach (var content in _durableNames.Values.Concat(_names.Values).Distinct())
        {
            content.LosePower(_random);
        }

        _names = new(_durableNames);
    }

    public IDisposable Lock(string directory) => new MemoryStream();

    public IReadOnlyList<string> List(string directory) => [.. _names.Keys.Select(name => Path.GetFileName(name))];

    public IWalFile Create(string path, long length)
    {
        BeforeChange();
        var content = new Content(new byte[length]);
        Change(names => names[path] = content);
        return new OpenFile(this, content);
    }

    public IWalFile Open(string path) => new OpenFile(this, _names[path]);

    public void Rename(string from, string to)
    {
        BeforeChange();
        var content = _names[from];
        Change(names =>
        {
            names.Remove(from);
            names[to] = content;
        });
    }

    public void Delete(string path)
    {
        BeforeChange();
        Change(names => names.Remove(path));
    }

    public void SyncDirectory(string directory)
    {
        BeforeChange();
        _unsyncedNames.Clear();
        _durableNames = new(_names);
    }

    private void Change(Action<Dictionary<string, Content>> change)
    {
        change(_names);
        _unsyncedNames.Add(change);
    }

    public sealed class PowerFailure : Exception;

    private sealed class Content(byte[] bytes)
    {
        private readonly byte[] _durable = (byte[])bytes.Clone();

        public byte[] Bytes { get; } = bytes;

        public void Sync() => Bytes.CopyTo(_durable, 0);

        public void LosePower(Random random)
        {
            for (var start = 0; start < Bytes.Length; start += SectorBytes)
            {
                var sector = Bytes.AsSpan(start, Math.Min(SectorBytes, Bytes.Length - start));
                var durable = _durable.AsSpan(start, sector.Length);
                if (random.Next(2) == 0)
                {
                    sector.CopyTo(durable);
                }

                durable.CopyTo(sector);
            }
        }
    }

    private sealed class OpenFile(CrashingDisk disk, Content content) : IWalFile
    {
        public long Length => content.Bytes.Length;

        public int Read(Span<byte> buffer, long offset)
        {
            var part = content.Bytes.AsSpan((int)offset);
            part = part[..Math.Min(part.Length, buffer.Length)];
            part.CopyTo(buffer);
            return part.Length;
        }

        public void Write(ReadOnlySpan<byte> data, long offset)
        {
            // Power may fail inside a write: what came before that is there for LosePower to lose or keep.
            for (var start = 0; start < data.Length; start += SectorBytes)
            {
                disk.BeforeChange();
                var part = data.Slice(start, Math.Min(SectorBytes, data.Length - start));
                part.CopyTo(content.Bytes.AsSpan((int)offset + start));
            }
        }

        public void Sync()
        {
            disk.BeforeChange();
            content.Sync();
        }

        public void Dispose()
        {
        }
    }
}
