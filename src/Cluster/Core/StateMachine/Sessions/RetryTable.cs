using System.Security.Cryptography;
using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Sessions;

/// <summary>The first answer to a write that carried an idempotency key.</summary>
/// <param name="Fingerprint">Of the command, so that a key reused for something else is noticed.</param>
public sealed record KeyedReply(string Key, long Index, HlcTimestamp At, ReadOnlyMemory<byte> Fingerprint, CommandResult Result)
{
    /// <summary>What it counts for in <see cref="RetryTable.MaxBytes"/>: the length of the answer, and a share for everything around it.</summary>
    internal long Bytes { get; init; }
}

/// <summary>
/// Answers by idempotency key, kept for a day and at most <see cref="Capacity"/> of them with <see cref="MaxBytes"/> together, oldest
/// dropped first. An answer may hold a value or several messages: counting answers alone would bound nothing.
/// </summary>
public sealed class RetryTable
{
    public const int Capacity = 100_000;

    public const long MaxBytes = 64L << 20;

    private const long Overhead = 256;

    private const long KeptMs = 24L * 60 * 60 * 1000;

    private const long ExpiryStride = 256;

    private readonly CowTree<string, KeyedReply> _replies = new(StringComparer.Ordinal);
    private readonly CowTree<long, string> _byAge = new(Comparer<long>.Default);

    // Replies that say "waiting", by ticket. Looked up, never enumerated.
    private readonly Dictionary<long, List<string>> _waiting = [];

    // To find out how long an answer is.
    private readonly ByteWriter _measure = new();

    public int Count => _replies.Count;

    /// <summary>What the answers count for.</summary>
    public long Bytes { get; private set; }

    internal CowTree<string, KeyedReply>.Frozen Freeze() => _replies.Freeze();

    internal static ReadOnlyMemory<byte> Fingerprint(ReadOnlyMemory<byte> command) => SHA256.HashData(command.Span)[..8];

    /// <summary>What a command with a known key is answered; null when the key is new.</summary>
    internal CommandResult? Refuse(string key, ReadOnlyMemory<byte> fingerprint)
    {
        if (!_replies.TryGet(key, out var reply))
        {
            return null;
        }

        return reply.Fingerprint.Span.SequenceEqual(fingerprint.Span) ? reply.Result : new CommandResult.IdempotencyKeyReused();
    }

    internal void Remember(string key, ReadOnlyMemory<byte> fingerprint, CommandResult result, in ApplyContext context)
    {
        Store(new KeyedReply(key, context.Index, context.Time, fingerprint, result));
        while (_replies.Count > Capacity || Bytes > MaxBytes)
        {
            Drop(_byAge.All().First());
        }
    }

    /// <summary>Commands were answered "waiting" with this ticket; this is what the waiting came to.</summary>
    internal void Revise(long ticket, CommandResult result)
    {
        if (_waiting.Remove(ticket, out var keys))
        {
            foreach (var key in keys)
            {
                if (_replies.TryGet(key, out var reply) && reply.Result is IQueuedResult queued && queued.Ticket == ticket)
                {
                    var revised = Measured(reply with { Result = result });
                    Bytes += revised.Bytes - reply.Bytes;
                    _replies.Set(key, revised);
                }
            }
        }
    }

    internal void ExpireDue(in ApplyContext context)
    {
        // No clock entry is worth an old answer: they go now and then, when something else is applied.
        while (context.Index % ExpiryStride == 0
            && _replies.Count > 0
            && _byAge.All().First() is var oldest
            && _replies.TryGet(oldest.Value, out var reply)
            && reply.At.AddMs(KeptMs) <= context.Time)
        {
            Drop(oldest);
        }
    }

    internal void Restore(ref ByteReader reader) => Store(new KeyedReply(
        reader.String(), reader.VarInt(), new HlcTimestamp(reader.VarInt()), reader.Bytes().ToArray(), ResultCodec.Read(ref reader)));

    internal static void Write(ByteWriter writer, KeyedReply reply)
    {
        writer.String(reply.Key);
        writer.VarInt(reply.Index);
        writer.VarInt(reply.At.Value);
        writer.Bytes(reply.Fingerprint.Span);
        ResultCodec.Write(writer, reply.Result);
    }

    private void Store(KeyedReply reply)
    {
        reply = Measured(reply);
        Bytes += reply.Bytes;
        _replies.Set(reply.Key, reply);
        _byAge.Set(reply.Index, reply.Key);
        if (reply.Result is IQueuedResult { Ticket: var ticket })
        {
            if (!_waiting.TryGetValue(ticket, out var keys))
            {
                _waiting[ticket] = keys = [];
            }

            keys.Add(reply.Key);
        }
    }

    private KeyedReply Measured(KeyedReply reply)
    {
        _measure.Clear();
        ResultCodec.Write(_measure, reply.Result);
        return reply with { Bytes = Overhead + reply.Key.Length + _measure.Length };
    }

    private void Drop(KeyValuePair<long, string> aged)
    {
        Bytes -= _replies.TryGet(aged.Value, out var reply) ? reply.Bytes : 0;
        _replies.Remove(aged.Value);
        _byAge.Remove(aged.Key);
    }
}
