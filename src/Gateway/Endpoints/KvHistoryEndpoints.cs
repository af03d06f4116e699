using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

internal static class KvHistoryEndpoints
{
    public static void MapKvHistory(this IEndpointRouteBuilder routes)
    {
        var history = routes.MapGroup(Routes.Kv + "/{key}/history").WithTags("Key-value");
        history.MapGet("", ListRevisions).WithName("listKeyRevisions").AnswersToRead(ErrorCodes.KeyNotFound);
        history.MapGet("/{revision}", GetRevision).WithName("getKeyRevision").AnswersToRead(ErrorCodes.KeyNotFound);
    }

    /// <summary>Lists what a key holds and held before, newest first, with values of up to 64 KiB. Also of keys that are gone.</summary>
    private static async Task<Results<Ok<Page<KeyRevisionView>>, ProblemResult>> ListRevisions(
        SegmentName key, PageQuery page, ClusterClient cluster, CancellationToken cancel)
    {
        var before = page.AfterNumber ?? long.MaxValue;
        var all = await cluster.ReadAsync(state => state.Kv.History(key.Value), cancel);
        return all.Count == 0
            ? ClusterProblems.Of(new CommandResult.KvNotFound())
            : TypedResults.Ok(page.Cut(
                [.. all.Where(revision => revision.Revision < before)], revision => KvViews.Of(revision, preview: true), revision => Cursor.Of(revision.Revision)));
    }

    /// <summary>Shows one revision of a key with its whole value.</summary>
    private static async Task<Results<Ok<KeyRevisionView>, ProblemResult>> GetRevision(
        SegmentName key, SegmentName revision, ClusterClient cluster, CancellationToken cancel)
    {
        var number = long.TryParse(revision.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : throw new InvalidArgumentException("revision", $"'revision' must be a number, but is '{revision.Value}'.");
        return await cluster.ReadAsync(state => state.Kv.History(key.Value).FirstOrDefault(each => each.Revision == number), cancel) is { } found
            ? TypedResults.Ok(KvViews.Of(found, preview: false))
            : ClusterProblems.Of(new CommandResult.KvNotFound());
    }
}
