using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine.Blobs;

namespace Quorate.Gateway.Problems;

/// <summary>The problems of blobs.</summary>
internal static class BlobProblems
{
    private const int ArrivalRetryMs = 1000;

    /// <exception cref="InvalidOperationException">The result is an answer to something else.</exception>
    public static ProblemResult Of(BlobResult result) => result switch
    {
        BlobResult.NotFound => new(ErrorCodes.BlobNotFound, "There is no blob with this id."),
        BlobResult.UploadUnknown => new(
            ErrorCodes.UploadNotFound, "No such upload is in progress: it was never begun, was completed or given up, or another one of the same blob took its place."),
        BlobResult.UploadMismatch mismatch => Mismatch((long)mismatch.Chunks * BlobLimits.ChunkBytes),
        BlobResult.LimitReached limit => new(ErrorCodes.LimitReached, $"There are {limit.Limit} {limit.What} already. Delete blobs or give uploads up first."),
        _ => throw new InvalidOperationException($"The command was answered {result.GetType().Name}, which nothing here expects."),
    };

    /// <summary>Another region wrote the blob, and not all of it has come yet.</summary>
    public static ProblemResult NotHereYet(BlobArrival arrival) => new ProblemResult(
            ErrorCodes.BlobNotHereYet, $"The blob was written in {arrival.Region}, and its content is still on its way. Read it there, or try again.")
        {
            RetryAfterMs = ArrivalRetryMs,
        }
        .With("received", arrival.Received)
        .With("size", arrival.Content.Size)
        .With("region", arrival.Region);

    /// <param name="received">Where the upload goes on.</param>
    public static ProblemResult Mismatch(long received) => new ProblemResult(
            ErrorCodes.UploadMismatch, $"{received} bytes of the upload are durable: go on from there, with the same total, or begin anew with a request without Content-Range.")
        .With("received", received);

    public static ProblemResult WrongChecksum(string header, string actual) => new ProblemResult(
            ErrorCodes.WrongChecksum, $"What arrived has the SHA-256 {actual}, which is not what {header} says. Nothing was changed, and the upload was given up: send it again.")
        {
            Field = header,
        }
        .With("actual", actual);
}
