using System.Diagnostics.CodeAnalysis;
using Quorate.Contracts.Kv;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Cache;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Events;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Queues;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>Checks operations of transactions and batches as those of single requests are, and turns them into commands.</summary>
/// <remarks>Throws <see cref="InvalidArgumentException"/> for the first member that is not valid, named by its place: <c>then[3].key</c>.</remarks>
internal static class OperationRequests
{
    /// <param name="region">Where changes of documents are made.</param>
    public static Command ToCommand(OperationBody body, string region) => body.Op switch
    {
        OperationNames.Put or OperationNames.Delete when body.Cache is not null => OfCache(body),
        OperationNames.Put or OperationNames.Delete when body.Collection is not null => OfDocument(body, region),
        OperationNames.Put or OperationNames.Delete or OperationNames.Get => OfKey(body),
        OperationNames.Enqueue => new QueueEnqueue(
            Name(body, "queue", body.Queue), body.Messages is { Count: > 0 } messages ? messages : throw EnqueueBody.Count(body.Field("messages"))),
        OperationNames.Dequeue => QueueRequests.ToCommand(Name(body, "queue", body.Queue), body.Consumer, body.Max, body.VisibilityMs, waitMs: null, body.Field),
        OperationNames.Ack => new QueueAck(Name(body, "queue", body.Queue), Receipts(body)),
        OperationNames.Nack => new QueueNack(
            Name(body, "queue", body.Queue), Receipts(body), Durations.Require(body.Field("delayMs"), body.DelayMs, 0, QueueRequests.MaxDelayMs) ?? 0),
        OperationNames.Renew => new LockRenew(
            Name(body, "lock", body.Lock),
            Name(body, "owner", body.Owner),
            Token(body),
            Durations.Require(body.Field("ttlMs"), body.TtlMs, LockRequests.MinTtlMs, LockRequests.MaxTtlMs)),
        OperationNames.Release => new LockRelease(Name(body, "lock", body.Lock), Name(body, "owner", body.Owner), Token(body)),
        OperationNames.Proclaim => new ElectionProclaim(
            Name(body, "election", body.Election),
            Name(body, "candidate", body.Candidate),
            Token(body),
            ElectionRequests.RequireSize(body.Field("value"), body.Value ?? [])),
        OperationNames.Resign => new ElectionResign(
            Name(body, "election", body.Election), Name(body, "candidate", body.Candidate), body.FencingToken is null ? null : Token(body)),
        OperationNames.Publish => new EventPublish(
            EventRequests.RequireTopic(body.Field("topic"), Name(body, "topic", body.Topic)), Json(body, "payload", body.Payload)),
        _ => throw Invalid(body, "op", $"must be one of {string.Join(", ", OperationNames.All)}."),
    };

    private static Command OfKey(OperationBody body)
    {
        var key = Name(body, "key", body.Key);
        if (body.Rev is not null)
        {
            throw Invalid(body, "rev", "goes with the 'collection' of a document; a key has revisions.");
        }

        if (body.IfRevision < 0)
        {
            throw new InvalidArgumentException(body.Field("ifRevision"), "A revision is not negative.");
        }

        return body.Op switch
        {
            OperationNames.Put => new KvPut(
                key,
                Durations.Require(body.Field("ttlMs"), body.TtlMs, PutKeyBody.MinTtlMs, PutKeyBody.MaxTtlMs),
                body.IfRevision,
                Json(body, "value", body.Value)),
            OperationNames.Delete => new KvDelete(key, body.IfRevision),
            _ => new KvRead(key),
        };
    }

    private static CacheCommand OfCache(OperationBody body)
    {
        if (body.Key is not null || body.Collection is not null)
        {
            throw Invalid(body, "cache", "stands in place of 'key' and 'collection'.");
        }

        var key = Name(body, "cache", body.Cache);
        if (body.Op == OperationNames.Delete)
        {
            return new CacheDelete(key);
        }

        var value = Json(body, "value", body.Value);
        return value.Length <= CacheTable.MaxValueBytes
            ? new CachePut(key, Durations.Require(body.Field("ttlMs"), body.TtlMs, PutKeyBody.MinTtlMs, PutKeyBody.MaxTtlMs), value)
            : throw Invalid(body, "value", $"may have at most {CacheTable.MaxValueBytes} bytes.");
    }

    private static DocumentCommand OfDocument(OperationBody body, string region)
    {
        var (collection, key) = (Name(body, "collection", body.Collection), Name(body, "key", body.Key));
        if (DocumentRequests.IsSystem(collection))
        {
            throw new InvalidArgumentException(body.Field("collection"), DocumentRequests.ReadOnly(collection).Detail);
        }

        if (body.Rev is { } rev)
        {
            Names.RequireText(body.Field("rev"), rev, Revisions.MaxLength);
        }

        return body.Op == OperationNames.Put
            ? new DocumentPut(collection, key, body.Rev, region, Json(body, "value", body.Value))
            : new DocumentDelete(collection, key, body.Rev, region);
    }

    private static string Name(OperationBody body, string member, [NotNull] string? name) => Names.Require(body.Field(member), name);

    private static List<Receipt> Receipts(OperationBody body) => QueueRequests.ToReceipts(body.Receipts!, body.Field("receipts"));

    private static long Token(OperationBody body) => body.FencingToken switch
    {
        null => throw Invalid(body, "fencingToken", "is required."),
        <= 0 => throw Invalid(body, "fencingToken", "must be positive."),
        { } token => token,
    };

    private static byte[] Json(OperationBody body, string member, byte[]? json) => json ?? throw Invalid(body, member, "is required; it may be null.");

    private static InvalidArgumentException Invalid(OperationBody body, string member, string what) =>
        new(body.Field(member), $"'{body.Field(member)}' {what}");
}
