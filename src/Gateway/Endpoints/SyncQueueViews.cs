using System.Diagnostics;
using Quorate.Contracts.Regions;
using Quorate.Contracts.Replication;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Endpoints.Binding;

namespace Quorate.Gateway.Endpoints;

/// <summary>An outbox in the words of the contract.</summary>
internal static class SyncQueueViews
{
    private static readonly string[] Names = ["DELETE", "CREATE", "UPDATE", "METADATA"];

    /// <summary>In the order in which changes leave.</summary>
    private static readonly OutboxState[] States = [OutboxState.InFlight, OutboxState.Pending, OutboxState.Retrying, OutboxState.Parked];

    public static SyncQueueView Of(string region, ClusterState state, SyncQueueQuery query, PageQuery page)
    {
        var outbox = state.Outbox;
        var items = page.Cut(
            [.. Items(outbox, query, page.AfterNumber).Take(page.Limit + 1)], Of, item => Cursor.Of(item.Id));
        return new SyncQueueView(
            region,
            outbox.Count,
            outbox.Bytes,
            state.Regions.Settings?.MaxOutbox ?? 0,
            [.. Names.Select((name, priority) => new SyncQueuePriorityView(priority, name, outbox.PendingOf(priority).Count))],
            outbox.InFlight,
            outbox.Retrying,
            outbox.Parked,
            items.Items,
            items.NextCursor);
    }

    /// <param name="after">The item with which the page before ended. One that has left meanwhile means the beginning again.</param>
    private static IEnumerable<OutboxItem> Items(Outbox outbox, SyncQueueQuery query, long? after)
    {
        var last = after is { } id ? outbox.Get(id) : null;
        return States
            .Where(state => query.State is null || query.State == state)
            .SkipWhile(state => last is not null && state != last.State)
            .SelectMany(state => outbox.Of(state, last?.State == state ? last : null))
            .Where(item => query.Priority is null || item.Change.Priority == query.Priority);
    }

    private static SyncQueueItemView Of(OutboxItem item) => new(
        item.Id,
        item.State switch
        {
            OutboxState.Pending => SyncQueueStates.Pending,
            OutboxState.InFlight => SyncQueueStates.InFlight,
            OutboxState.Retrying => SyncQueueStates.Retrying,
            OutboxState.Parked => SyncQueueStates.Parked,
            _ => throw new UnreachableException(item.State.ToString()),
        },
        item.Change.Priority,
        item.Change.Kind switch
        {
            ChangeKind.Create => SyncOperations.Insert,
            ChangeKind.Update => SyncOperations.Update,
            ChangeKind.Delete => SyncOperations.Delete,
            ChangeKind.CreateCollection => SyncOperations.CreateCollection,
            ChangeKind.DropCollection => SyncOperations.DropCollection,
            _ => throw new UnreachableException(item.Change.Kind.ToString()),
        },
        item.Change.Collection,
        item.Change.Key,
        item.Attempts,
        Views.Time(item.EnqueuedAt),
        item.NextRetry is { } retry ? Views.Time(retry) : null,
        item.Error);
}
