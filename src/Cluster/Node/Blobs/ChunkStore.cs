using System.Collections.Concurrent;
using System.Security.Cryptography;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Storage;

namespace Quorate.Node.Blobs;

/// <summary>
/// The chunks on one node's disk, each under its own digest:
/// <code>
///   chunks/tmp/17                    being written; forgotten at the next start
///   chunks/ab/abcdef…                durable and whole
///   chunks/ab/abcdef….damaged        did not match its digest when it was read; kept until a good copy has come
/// </code>
/// A chunk that is there is never written again, so what is read is either what was stored or noticed to be damaged.
/// </summary>
/// <remarks>For any number of threads. The time of a file's last change is when somebody last said that the chunk is needed.</remarks>
public sealed class ChunkStore
{
    private const string Damaged = ".damaged";
    private const int Stripes = 64;

    private readonly string _directory;
    private readonly string _temporary;
    private readonly Lazy<bool> _created;
    private readonly GroupSync _names = new();
    private readonly Lock[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];

    // Named, but the name is not durable yet.
    private readonly ConcurrentDictionary<Digest, bool> _unsynced = new();
    private long _lastTemporary;
    private long _chunks;
    private long _bytes;
    private long _corrupt;
    private long _repaired;
    private long _collected;

    /// <exception cref="DataDirectoryException">The directory cannot be used.</exception>
    public ChunkStore(string directory)
    {
        _directory = Path.GetFullPath(directory);
        _temporary = Path.Combine(_directory, "tmp");
        _created = new Lazy<bool>(Create);
        if (Directory.Exists(_temporary))
        {
            foreach (var file in Directory.EnumerateFiles(_temporary))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>A chunk was found damaged. Called by whoever reads it; must not throw.</summary>
    public event Action<Digest>? FoundDamaged;

    public long Chunks => Interlocked.Read(ref _chunks);

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Corrupt => Interlocked.Read(ref _corrupt);

    public long Repaired => Interlocked.Read(ref _repaired);

    public long Collected => Interlocked.Read(ref _collected);

    public bool Has(Digest chunk) => File.Exists(PathOf(chunk));

    /// <summary>Whether a chunk is there; if so it counts as needed from now on.</summary>
    public bool Touch(Digest chunk)
    {
        lock (StripeOf(chunk))
        {
            return TouchFile(PathOf(chunk));
        }
    }

    /// <summary>Stores a chunk, which is durable when this returns. One that is there already stays.</summary>
    /// <param name="data">Matches <paramref name="chunk"/>; whoever got it from elsewhere has checked it.</param>
    /// <exception cref="IOException">The disk failed, or is full. Nothing is there then.</exception>
    public void Store(Digest chunk, ReadOnlySpan<byte> data)
    {
        _ = _created.Value;
        var path = PathOf(chunk);
        if (Touch(chunk))
        {
            if (_unsynced.ContainsKey(chunk))
            {
                _names.Sync(Path.GetDirectoryName(path)!);
            }

            return;
        }

        var temporary = Path.Combine(_temporary, Interlocked.Increment(ref _lastTemporary).ToString(System.Globalization.CultureInfo.InvariantCulture));
        try
        {
            using (var handle = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                RandomAccess.Write(handle, data, 0);
                DurableFile.Sync(handle, temporary);
            }

            _unsynced[chunk] = true;
            lock (StripeOf(chunk))
            {
                File.Move(temporary, path, overwrite: true);
            }

            _names.Sync(Path.GetDirectoryName(path)!);
        }
        catch (IOException)
        {
            // An fsync that failed leaves behind what nobody knows: the name goes, so that nobody takes it for durable.
            File.Delete(temporary);
            File.Delete(path);
            throw;
        }
        finally
        {
            _unsynced.TryRemove(chunk, out _);
        }

        Interlocked.Increment(ref _chunks);
        Interlocked.Add(ref _bytes, data.Length);
        if (File.Exists(path + Damaged))
        {
            File.Delete(path + Damaged);
            Interlocked.Increment(ref _repaired);
        }
    }

    /// <summary>Reads a chunk and checks it.</summary>
    /// <param name="buffer">At least <see cref="BlobLimits.ChunkBytes"/>.</param>
    /// <returns>Its length; null when it is not there, or damaged, which is also reported to <see cref="FoundDamaged"/>.</returns>
    public int? Read(Digest chunk, Span<byte> buffer)
    {
        var path = PathOf(chunk);
        int length;
        try
        {
            using var handle = File.OpenHandle(path);
            length = ReadAll(handle, buffer);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (IOException)
        {
            // A sector that cannot be read is damage like any other.
            length = -1;
        }

        if (length >= 0 && DigestOf(buffer[..length]) == chunk)
        {
            return length;
        }

        SetAside(chunk, path);
        return null;
    }

    /// <summary>Deletes a chunk that nobody has said to need since a moment.</summary>
    public bool Collect(Digest chunk, DateTime before)
    {
        var path = PathOf(chunk);
        lock (StripeOf(chunk))
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.LastWriteTimeUtc >= before)
            {
                return false;
            }

            var length = file.Length;
            file.Delete();
            Interlocked.Decrement(ref _chunks);
            Interlocked.Add(ref _bytes, -length);
        }

        Interlocked.Increment(ref _collected);
        return true;
    }

    /// <summary>Every chunk with the moment it was last said to be needed, directory by directory; counts them on the way.</summary>
    public IEnumerable<(Digest Chunk, DateTime Needed)> All()
    {
        if (!Directory.Exists(_directory))
        {
            yield break;
        }

        var (chunks, bytes) = (0L, 0L);
        foreach (var file in new DirectoryInfo(_directory).EnumerateDirectories("??").SelectMany(directory => directory.EnumerateFiles()))
        {
            if (Digest.TryParse(file.Name, out var chunk))
            {
                (chunks, bytes) = (chunks + 1, bytes + file.Length);
                yield return (chunk, file.LastWriteTimeUtc);
            }
        }

        Interlocked.Exchange(ref _chunks, chunks);
        Interlocked.Exchange(ref _bytes, bytes);
    }

    public static Digest DigestOf(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[Digest.Length];
        SHA256.HashData(data, hash);
        return Digest.Read(hash);
    }

    private static int ReadAll(Microsoft.Win32.SafeHandles.SafeFileHandle handle, Span<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length && RandomAccess.Read(handle, buffer[total..], total) is > 0 and var read)
        {
            total += read;
        }

        return total;
    }

    private void SetAside(Digest chunk, string path)
    {
        lock (StripeOf(chunk))
        {
            // Somebody else may have noticed, and replaced it, meanwhile.
            if (!File.Exists(path))
            {
                return;
            }

            File.Move(path, path + Damaged, overwrite: true);
        }

        Interlocked.Increment(ref _corrupt);
        FoundDamaged?.Invoke(chunk);
    }

    private static bool TouchFile(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return true;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private bool Create()
    {
        DurableFile.CreateDirectory(_directory);
        Directory.CreateDirectory(_temporary);
        for (var prefix = 0; prefix < 256; prefix++)
        {
            // Synced too: a process that was killed may have left names that are not durable.
            DurableFile.SyncDirectory(Directory.CreateDirectory(Path.Combine(_directory, prefix.ToString("x2", System.Globalization.CultureInfo.InvariantCulture))).FullName);
        }

        DurableFile.SyncDirectory(_directory);
        return true;
    }

    private string PathOf(Digest chunk)
    {
        var name = chunk.ToString();
        return Path.Combine(_directory, name[..2], name);
    }

    private Lock StripeOf(Digest chunk) => _stripes[(int)(chunk.Fourth % Stripes)];
}
