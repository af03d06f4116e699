namespace Quorate.Node.Blobs;

/// <summary>How a node keeps the chunks of blobs.</summary>
public sealed record BlobOptions
{
    /// <summary>
    /// A chunk that no blob and no upload names is deleted when nobody has said to need it for so long. Longer than it takes from storing a chunk
    /// to committing that it is needed, and than clocks of the cluster differ.
    /// </summary>
    public TimeSpan CollectAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often such chunks are looked for.</summary>
    public TimeSpan CollectEvery { get; init; } = TimeSpan.FromMinutes(1);
}
