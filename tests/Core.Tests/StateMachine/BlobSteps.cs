using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Blobs;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>What a step of a workload means for blobs and uploads.</summary>
internal static class BlobSteps
{
    public static readonly (int Weight, string Kind)[] Kinds =
    [
        (4, "store"), (2, "unstore"), (4, "upload"), (10, "advance"), (4, "complete"), (1, "abort"),
    ];

    public static Command? Resolve(ScriptStep step, ClusterState state)
    {
        var id = $"blob{step.A % 3}";
        var upload = state.Blobs.GetUpload(id);
        var number = step.C % 9 == 0 ? 7 : upload?.Number ?? 7;
        var count = 1 + (step.B % 3);
        return step.Kind switch
        {
            "store" => new BlobPut(id, Size(count), Digest(step.C), Chunks(step.C, count), "text/plain"),
            "unstore" => new BlobDelete(id),
            "upload" => new BlobUploadStart(id, step.C % 4 == 0 ? null : Size(count), "image/png"),
            "advance" => new BlobUploadAdvance(id, number, Math.Max(0, (upload?.Chunks.Count ?? 0) - (step.C % 3 == 0 ? 1 : 0)), Chunks(step.C % 5, count)),
            "complete" => new BlobUploadCommit(id, number, upload?.Size ?? Size(count), Digest(step.C)),
            "abort" => new BlobUploadAbort(id, step.C % 2 == 0 ? null : number),
            _ => null,
        };
    }

    public static Digest Digest(int number) => new((ulong)number, 1, 2, 3);

    /// <summary>Chunks out of a few, so that blobs have some in common.</summary>
    public static ChunkList Chunks(int seed, int count) => ChunkList.Of([.. Enumerable.Range(0, count).Select(i => Digest((seed + i) % 6))]);

    private static long Size(int chunks) => ((chunks - 1) * (long)BlobLimits.ChunkBytes) + 5;
}
