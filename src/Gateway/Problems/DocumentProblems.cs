using System.Text.Json;
using Quorate.Contracts.Problems;
using Quorate.Core.Replication;
using Quorate.Core.StateMachine.Documents;
using Quorate.Gateway.Endpoints;
using Quorate.Node.Replication;

namespace Quorate.Gateway.Problems;

/// <summary>The problems of documents and of those who follow them.</summary>
internal static class DocumentProblems
{
    /// <exception cref="InvalidOperationException">The result is an answer to something else.</exception>
    public static ProblemResult Of(DocumentResult result) => result switch
    {
        DocumentResult.CollectionNotFound => new(ErrorCodes.CollectionNotFound, "There is no collection with this name. POST /api/v1/collections creates it."),
        DocumentResult.NotFound => new(ErrorCodes.DocumentNotFound, "The collection has no document with this key."),
        DocumentResult.CollectionDiffers differs => new(
            ErrorCodes.CollectionExists, $"A collection of this name exists with the strategy {ConflictStrategyNames.Of(differs.Strategy)}.") { Field = "conflictStrategy" },
        DocumentResult.TooManyCollections many => new(ErrorCodes.LimitReached, $"There are {many.Limit} collections already. Drop one first."),
        DocumentResult.Conflict conflict => Moved(conflict.Current),
        _ => throw new InvalidOperationException($"The command was answered {result.GetType().Name}, which nothing here expects."),
    };

    /// <exception cref="InvalidOperationException">The result is an answer to something else.</exception>
    public static ProblemResult Of(SyncResult result) => result switch
    {
        SyncResult.FollowerNotFound => new(ErrorCodes.FollowerNotFound, "No follower is registered with this id. It registers when it reports its position."),
        SyncResult.TooManyFollowers many => new(ErrorCodes.LimitReached, $"{many.Limit} followers are registered already. Remove one that is gone."),
        SyncResult.Ahead ahead => SnapshotRequired(
            $"The follower has seen changes that were never made here; the last one is {ahead.Last}. It must begin anew with a snapshot.", ahead.Last),
        _ => throw new InvalidOperationException($"The command was answered {result.GetType().Name}, which nothing here expects."),
    };

    public static ProblemResult SnapshotRequired(string detail, long last) =>
        new ProblemResult(ErrorCodes.SnapshotRequired, detail).With("lastSequence", last);

    /// <summary>The document does not have the revision that the writer read.</summary>
    public static ProblemResult Moved(Document? current) => new ProblemResult(
            ErrorCodes.RevConflict,
            current is null ? "The document does not exist." : $"The document has revision {current.Rev}. Read it again and decide anew.")
        .With(
            "current",
            current is null ? null : new { rev = current.Rev, value = JsonElement.Parse(current.Value.Span), modifiedAt = Views.Time(current.ModifiedAt) });
}
