using Quorate.Node.Storage;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Disk;

/// <summary>
/// A disk whose operations take time. What the log does in one go is seen by it at once, but reaches the platter only when
/// <see cref="Complete"/> says so; a crash before that cuts the sequence anywhere, also inside a write.
/// </summary>
internal sealed class VirtualDisk(SeededRandom random) : IWalFiles
{
    private readonly Platter _platter = new();
    private readonly List<Operation> _underWay = [];
    private Dictionary<string, VirtualFile> _names = new(StringComparer.Ordinal);

    /// <summary>No space for new files.</summary>
    public bool IsFull { get; set; }

    /// <summary>The next fsync fails.</summary>
    public bool FailsNextSync { get; set; }

    /// <summary>Writes that were complete before the last one that was: damage to them can be told from a torn write.</summary>
    public List<(string Path, DiskContent Content, long Offset, int Length)> SettledWrites { get; } = [];

    private readonly List<(string Path, DiskContent Content, long Offset, int Length)> _lastWrites = [];

    public IDisposable Lock(string directory) => Unlocked.Instance;

    public IReadOnlyList<string> List(string directory) =>
        [.. _names.Keys.Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public IWalFile Create(string path, long length)
    {
        if (IsFull)
        {
            throw DiskErrors.DiskFull(path);
        }

        var content = new DiskContent(length);
        var file = new VirtualFile(this, path, content, new byte[length]);
        _names[path] = file;
        _underWay.Add(new Operation(platter => platter.Create(path, content)));
        return file;
    }

    public IWalFile Open(string path) => _names[path];

    public void Rename(string from, string to)
    {
        _names.Remove(from, out var file);
        file!.Path = to;
        _names[to] = file;
        _underWay.Add(new Operation(platter => platter.Rename(from, to)));
    }

    public void Delete(string path)
    {
        _names.Remove(path);
        _underWay.Add(new Operation(platter => platter.Delete(path)));
    }

    public void SyncDirectory(string directory) => _underWay.Add(new Operation(platter => platter.SyncNames()));

    /// <summary>Everything asked for so far has been done.</summary>
    public void Complete()
    {
        var writes = _underWay.Where(operation => operation.Data is not null).ToList();
        _underWay.ForEach(operation => operation.Do(_platter));
        _underWay.Clear();
        if (writes.Count > 0)
        {
            SettledWrites.AddRange(_lastWrites);
            _lastWrites.Clear();
            _lastWrites.AddRange(writes.Select(write => (write.File!.Path, write.File.Content, write.Offset, write.Data!.Length)));
        }
    }

    /// <summary>The process dies; with <paramref name="power"/> the machine too, and what was not synced is lost in parts.</summary>
    public void Crash(bool power)
    {
        var done = random.Below(_underWay.Count + 1);
        _underWay.Take(done).ToList().ForEach(operation => operation.Do(_platter));
        if (done < _underWay.Count && _underWay[done] is { Data: { } data, File: { } file } torn)
        {
            file.Content.Write(data.AsSpan(0, random.Below(data.Length + 1)), torn.Offset);
        }

        _underWay.Clear();
        if (power)
        {
            _platter.LosePower(random);
        }

        FailsNextSync = false;
        _names = _platter.Names.ToDictionary(
            pair => pair.Key,
            pair => new VirtualFile(this, pair.Key, pair.Value, (byte[])pair.Value.Bytes.Clone()),
            StringComparer.Ordinal);
    }

    /// <summary>Flips one bit of a write that was complete before the last, for good. Only while the node is down.</summary>
    /// <returns>Where; null when there is nothing to damage.</returns>
    public (string Path, long Offset)? Rot()
    {
        var candidates = SettledWrites.Where(write => _names.TryGetValue(write.Path, out var file) && file.Content == write.Content).ToList();
        if (candidates.Count == 0)
        {
            return null;
        }

        var write = random.Pick(candidates);
        var offset = write.Offset + random.Below(write.Length);
        write.Content.FlipBit(offset, random.Below(8));
        write.Content.Bytes.CopyTo(_names[write.Path].Bytes, 0);
        return (write.Path, offset);
    }

    private sealed record Operation(Action<Platter> Do, VirtualFile? File = null, long Offset = 0, byte[]? Data = null);

    private sealed class VirtualFile(VirtualDisk disk, string path, DiskContent content, byte[] bytes) : IWalFile
    {
        public string Path { get; set; } = path;

        public DiskContent Content { get; } = content;

        public byte[] Bytes { get; } = bytes;

        public long Length => Bytes.Length;

        public int Read(Span<byte> buffer, long offset)
        {
            var part = Bytes.AsSpan((int)offset);
            part = part[..Math.Min(part.Length, buffer.Length)];
            part.CopyTo(buffer);
            return part.Length;
        }

        public void Write(ReadOnlySpan<byte> data, long offset)
        {
            data.CopyTo(Bytes.AsSpan((int)offset));
            var copy = data.ToArray();
            disk._underWay.Add(new Operation(_ => Content.Write(copy, offset), this, offset, copy));
        }

        public void Sync()
        {
            if (disk.FailsNextSync)
            {
                disk.FailsNextSync = false;
                throw new IOException($"Input/output error : '{Path}'");
            }

            disk._underWay.Add(new Operation(_ => Content.Sync()));
        }

        public void Dispose()
        {
        }
    }

    private sealed class Unlocked : IDisposable
    {
        public static readonly Unlocked Instance = new();

        public void Dispose()
        {
        }
    }
}
