namespace Quorate.Node.Storage;

/// <summary>What is where in a node's data directory.</summary>
public readonly record struct DataLayout(string Directory)
{
    /// <summary>The segments of the <see cref="WriteAheadLog"/>.</summary>
    public string Log => Path.Combine(Path.GetFullPath(Directory), "log");

    /// <summary>The files of the <see cref="SnapshotStore"/>.</summary>
    public string Snapshots => Path.Combine(Path.GetFullPath(Directory), "snapshots");

    /// <summary>The content of blobs, see <see cref="Blobs.ChunkStore"/>.</summary>
    public string Chunks => Path.Combine(Path.GetFullPath(Directory), "chunks");
}
