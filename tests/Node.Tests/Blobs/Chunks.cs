using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Blobs;

namespace Quorate.Node.Tests.Blobs;

/// <summary>Content for tests.</summary>
internal static class Chunks
{
    public static (Digest Digest, byte[] Data) Random(int size = BlobLimits.ChunkBytes)
    {
        var data = new byte[size];
        System.Random.Shared.NextBytes(data);
        return (ChunkStore.DigestOf(data), data);
    }

    public static string FileOf(string directory, Digest chunk) => Path.Combine(directory, chunk.ToString()[..2], chunk.ToString());

    /// <summary>What bad memory or a bad disk does.</summary>
    public static void FlipBit(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 0x10;
        File.WriteAllBytes(file, bytes);
    }
}
