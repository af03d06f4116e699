using System.Text;
using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine.Queues;

/// <summary>Where a message of a queue is. It is in exactly one of these until it is acked, purged or dropped.</summary>
public enum MessageState : byte
{
    Ready = 1,
    Delayed = 2,
    InFlight = 3,
    Dead = 4,
}

/// <summary>A message as it comes in.</summary>
/// <param name="Body">UTF-8 JSON; the table does not look inside.</param>
/// <param name="Priority">0 to <see cref="QueueMessage.MaxPriority"/>; higher is delivered first.</param>
/// <param name="DelayMs">Not delivered for this long; 0: ready at once.</param>
/// <param name="DedupId">Within the queue's window a second message with the same id is not enqueued.</param>
/// <param name="Headers">In the order in which they were given.</param>
public sealed record NewMessage(
    ReadOnlyMemory<byte> Body, byte Priority, long DelayMs, string? DedupId, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <summary>A message of a queue. Immutable: a change makes a new one.</summary>
/// <param name="Id">Increases with each message of the cluster.</param>
/// <param name="Position">Its place among the ready messages of its priority: the lowest is delivered first.</param>
/// <param name="Deliveries">How often it was handed to a consumer.</param>
/// <param name="Since">When it came into the state it is in.</param>
/// <param name="Due">When its delay or its visibility timeout ends; null when it is ready or dead.</param>
/// <param name="Delivery">Number of the newest delivery, the other half of its receipt; 0 before the first.</param>
/// <param name="Consumer">Who got it last.</param>
public sealed record QueueMessage(
    long Id,
    byte Priority,
    long Position,
    ReadOnlyMemory<byte> Body,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    string? DedupId,
    HlcTimestamp EnqueuedAt,
    int Deliveries,
    HlcTimestamp Since,
    HlcTimestamp? Due,
    long Delivery,
    string? Consumer)
{
    public const byte MaxPriority = 9;

    /// <summary>Bytes of body and headers: what the queue's limit counts.</summary>
    public long Size
    {
        get
        {
            long size = Body.Length;
            for (var i = 0; i < Headers.Count; i++)
            {
                size += Encoding.UTF8.GetByteCount(Headers[i].Key) + Encoding.UTF8.GetByteCount(Headers[i].Value);
            }

            return size;
        }
    }

    public Receipt Receipt => new(Id, Delivery);

    internal (int Rank, long Position) Place => (MaxPriority - Priority, Position);
}

/// <summary>Proof of one delivery of one message. Void once the message was acked, given back, or its visibility timeout ended.</summary>
public readonly record struct Receipt(long Message, long Delivery);

/// <summary>Somebody who takes messages from a queue.</summary>
/// <param name="InFlight">Messages it has and has not settled.</param>
/// <param name="Delivered">Messages it got since it was first seen.</param>
public sealed record QueueConsumer(string Name, long InFlight, long Delivered, long Acked, HlcTimestamp LastSeen);

/// <summary>A consumer that waits for messages; served in the order of the tickets.</summary>
/// <param name="Ticket">Log index of the request.</param>
public sealed record QueueWait(long Ticket, string Consumer, int Max, long VisibilityMs, HlcTimestamp Since, HlcTimestamp Until);

/// <summary>A deduplication id and the message that came with it.</summary>
public sealed record DedupEntry(string Id, long Message, HlcTimestamp Until);
