using System.Buffers.Binary;
using Quorate.Core.StateMachine;

namespace Quorate.Simulation.Disk;

/// <summary>A snapshot as bytes: the state's records, each after its length.</summary>
internal static class SnapshotBytes
{
    public static byte[] Write(FrozenState state)
    {
        var bytes = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var record in state.Records())
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, record.Length);
            bytes.Write(length);
            bytes.Write(record.Span);
        }

        return bytes.ToArray();
    }

    /// <exception cref="FormatException">The bytes are not a snapshot.</exception>
    public static ClusterState Read(byte[] bytes) => StateSnapshot.Read(Records(bytes));

    private static IEnumerable<ReadOnlyMemory<byte>> Records(byte[] bytes)
    {
        for (var offset = 0; offset < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(offset));
            yield return bytes.AsMemory(offset + sizeof(int), length);
            offset += sizeof(int) + length;
        }
    }
}
