using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Storage;

namespace Quorate.Node.Commands;

/// <summary>What reading one snapshot file from its first to its last byte has shown.</summary>
/// <param name="Meta">Null when not even the header can be read.</param>
/// <param name="Damage">What is wrong, with the offset in bytes; null when nothing is.</param>
internal sealed record SnapshotCheck(string Path, long Bytes, SnapshotMeta? Meta, string? Damage)
{
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SnapshotCheck Of(string path)
    {
        using var file = File.OpenRead(path);
        SnapshotReader? reader = null;
        try
        {
            reader = new SnapshotReader(file);
            reader.Verify();
        }
        catch (FormatException e)
        {
            return new SnapshotCheck(path, file.Length, reader?.Meta, $"{path} is damaged at offset {reader?.BlockOffset ?? 0}: {e.Message}");
        }

        return new SnapshotCheck(path, file.Length, reader.Meta, ReadState(path));
    }

    private static string? ReadState(string path)
    {
        using var reader = new SnapshotReader(File.OpenRead(path));
        try
        {
            StateSnapshot.Read(reader.Records());
            return null;
        }
        catch (FormatException e)
        {
            return $"{path} holds no state that this program can read, at offset {reader.BlockOffset}: {e.Message}";
        }
    }
}
