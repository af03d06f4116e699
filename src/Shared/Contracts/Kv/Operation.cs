using System.Text.Json;
using System.Text.Json.Serialization;
using Quorate.Contracts.Queues;

namespace Quorate.Contracts.Kv;

/// <summary>What operations of transactions and batches are called.</summary>
public static class OperationNames
{
    public const string Put = "put";
    public const string Delete = "delete";
    public const string Get = "get";
    public const string Enqueue = "enqueue";
    public const string Dequeue = "dequeue";
    public const string Ack = "ack";
    public const string Nack = "nack";
    public const string Renew = "renew";
    public const string Release = "release";
    public const string Proclaim = "proclaim";
    public const string Resign = "resign";
    public const string Publish = "publish";

    public static readonly IReadOnlyList<string> All = [Put, Delete, Get, Enqueue, Dequeue, Ack, Nack, Renew, Release, Proclaim, Resign, Publish];
}

/// <summary>One operation of a transaction or a batch. What it is about decides which members it needs.</summary>
/// <param name="Op">One of <see cref="OperationNames"/>.</param>
/// <param name="Key">Of put, delete and get: the key; with <c>collection</c>, the document.</param>
/// <param name="Value">Of put and proclaim: any JSON value.</param>
/// <param name="TtlMs">Of the put of a key: milliseconds until it expires, 1 to 31,536,000,000. Of renew: the new time to live, from now.</param>
/// <param name="IfRevision">Of put and delete of a key, in a batch: the revision the key must have; 0: it must not exist. A transaction has conditions.</param>
/// <param name="Collection">Of put and delete: the collection of a document.</param>
/// <param name="Rev">Of put and delete of a document: the revision it must have; empty: it must not exist.</param>
/// <param name="Cache">Of put and delete: a key of the cache, in place of <c>key</c>.</param>
/// <param name="Queue">Of enqueue, dequeue, ack and nack.</param>
/// <param name="Messages">Of enqueue: 1 to 1000, all of them or none.</param>
/// <param name="Receipts">Of ack and nack: 1 to 1000, as dequeue gave them. In a transaction all of them must be valid.</param>
/// <param name="DelayMs">Of nack: as there.</param>
/// <param name="Max">Of dequeue, which a batch may have and a transaction not: most messages wanted, 1 (default) to 1000. It never waits.</param>
/// <param name="VisibilityMs">Of dequeue: as there.</param>
/// <param name="Consumer">Of dequeue: as there.</param>
/// <param name="Lock">Of renew and release.</param>
/// <param name="Owner">Of renew and release: who holds the lock.</param>
/// <param name="FencingToken">Of renew, release and proclaim: of the grant or the term. Of resign: if need be.</param>
/// <param name="Election">Of proclaim and resign.</param>
/// <param name="Candidate">Of proclaim and resign: who.</param>
/// <param name="Topic">Of publish: the topic, to the whole cluster.</param>
/// <param name="Payload">Of publish: any JSON value.</param>
public sealed record Operation(
    string Op,
    string? Key = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] JsonElement Value = default,
    long? TtlMs = null,
    long? IfRevision = null,
    string? Collection = null,
    string? Rev = null,
    string? Cache = null,
    string? Queue = null,
    IReadOnlyList<NewQueueMessage>? Messages = null,
    IReadOnlyList<string>? Receipts = null,
    long? DelayMs = null,
    string? Lock = null,
    string? Owner = null,
    long? FencingToken = null,
    string? Election = null,
    string? Candidate = null,
    string? Topic = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] JsonElement Payload = default,
    int? Max = null,
    long? VisibilityMs = null,
    string? Consumer = null);

/// <summary>What an operation came to, beyond what concerns keys. Members that say nothing about it are left out.</summary>
public abstract record OperationResult
{
    /// <summary>Of enqueue, in the order of the request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<EnqueuedMessageView>? Messages { get; init; }

    /// <summary>Of dequeue: highest priority first; none when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DeliveredMessage>? Delivered { get; init; }

    /// <summary>Of ack and nack: messages that were acked or given back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Count { get; init; }

    /// <summary>Of ack and nack in a batch: receipts that were void.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Stale { get; init; }

    /// <summary>Of release: acquisitions of this owner that are still to be released.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Remaining { get; init; }

    /// <summary>Of renew and proclaim: when the grant or the term ends unless renewed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Of resign: whether the candidate was the leader.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Led { get; init; }

    /// <summary>Of publish: the event's number; left out when a rule dropped it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Id { get; init; }

    /// <summary>Of publish: copies that rules made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Forwarded { get; init; }

    /// <summary>Of put and delete of a document: the revision that the change is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Rev { get; init; }

    /// <summary>Of put and delete of a document: the change's number in the log of changes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Sequence { get; init; }
}
