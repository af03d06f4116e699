using System.Diagnostics;
using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Replication;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Core.StateMachine.Cache;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Queues;
using Quorate.Core.StateMachine.Sessions;

namespace Quorate.Core.StateMachine;

/// <summary>The bytes of each result, as kept for retries in snapshots. Tags are part of the format: never reuse one.</summary>
public static class ResultCodec
{
    private const byte BatchedTag = 42;
    private const byte TransactionTag = 90;
    private const byte TransactionRefusedTag = 91;

    public static void Write(ByteWriter writer, CommandResult result)
    {
        switch (result)
        {
            case CommandResult.Done:
                writer.Byte(1);
                break;
            case CommandResult.Malformed malformed:
                writer.Byte(2);
                writer.String(malformed.Detail);
                break;
            case CommandResult.SessionOpened opened:
                writer.Byte(3);
                SessionTable.WriteSession(writer, opened.Session);
                break;
            case CommandResult.SessionRenewed renewed:
                writer.Byte(4);
                writer.VarInt(renewed.ExpiresAt.Value);
                break;
            case CommandResult.SessionClosed:
                writer.Byte(5);
                break;
            case CommandResult.SessionUnknown unknown:
                writer.Byte(6);
                writer.VarInt(unknown.Session);
                break;
            case CommandResult.SequenceTooOld old:
                writer.Byte(7);
                writer.VarInt(old.OldestKept);
                break;
            case CommandResult.IdempotencyKeyReused:
                writer.Byte(8);
                break;
            case CommandResult.KvWritten written:
                writer.Byte(10);
                writer.VarInt(written.Revision);
                writer.Bool(written.Created);
                break;
            case CommandResult.KvDeleted deleted:
                writer.Byte(11);
                writer.VarInt(deleted.Revision);
                break;
            case CommandResult.KvNotFound:
                writer.Byte(12);
                break;
            case CommandResult.KvMismatch mismatch:
                writer.Byte(13);
                writer.Bool(mismatch.Current is not null);
                if (mismatch.Current is { } current)
                {
                    KvTable.WriteItem(writer, current);
                }

                break;
            case CommandResult.LockGranted granted:
                writer.Byte(20);
                LockCodec.Write(writer, granted.Hold);
                break;
            case CommandResult.LockQueued queued:
                writer.Byte(21);
                writer.VarInt(queued.Ticket);
                writer.VarInt(queued.Position);
                break;
            case CommandResult.LockHeld held:
                writer.Byte(22);
                LockCodec.WriteHolds(writer, held.Holders);
                break;
            case CommandResult.LockQueueFull full:
                writer.Byte(24);
                writer.VarInt(full.Limit);
                break;
            case CommandResult.LockRenewed renewed:
                writer.Byte(25);
                LockCodec.Write(writer, renewed.Hold);
                break;
            case CommandResult.LockReleased released:
                writer.Byte(26);
                writer.VarInt(released.Remaining);
                break;
            case CommandResult.LockStale stale:
                writer.Byte(27);
                writer.OptionalInt64(stale.Newest);
                break;
            case CommandResult.LockForceReleased forced:
                writer.Byte(28);
                LockCodec.WriteHolds(writer, forced.Released);
                break;
            case CommandResult.LockNotFound:
                writer.Byte(29);
                break;
            case CommandResult.LockWaitCancelled:
                writer.Byte(30);
                break;
            case CommandResult.NodeIdRetired:
                writer.Byte(40);
                break;
            case CommandResult.StateMarked marked:
                writer.Byte(41);
                writer.VarInt(marked.Index);
                break;
            case CommandResult.KvFound found:
                writer.Byte(14);
                writer.Bool(found.Item is not null);
                if (found.Item is { } item)
                {
                    KvTable.WriteItem(writer, item);
                }

                break;
            case QueueResult queue:
                QueueResultCodec.Write(writer, queue);
                break;
            case DocumentResult document:
                DocumentResultCodec.Write(writer, document);
                break;
            case BlobResult blob:
                BlobCodec.Write(writer, blob);
                break;
            case SyncResult sync:
                SyncResultCodec.Write(writer, sync);
                break;
            case ExchangeResult exchange:
                ExchangeResultCodec.Write(writer, exchange);
                break;
            case RegionResult region:
                RegionResultCodec.Write(writer, region);
                break;
            case CommandResult.CacheWritten written:
                CacheCodec.Write(writer, written);
                break;
            case CommandResult.CacheDeleted deleted:
                CacheCodec.Write(writer, deleted);
                break;
            case CommandResult.Batched batched:
                writer.Byte(BatchedTag);
                WriteAll(writer, batched.Results);
                break;
            case CommandResult.TransactionDone done:
                writer.Byte(TransactionTag);
                writer.VarInt(done.Index);
                writer.Bool(done.Succeeded);
                WriteAll(writer, done.Results);
                break;
            case CommandResult.TransactionRefused refused:
                writer.Byte(TransactionRefusedTag);
                writer.Bool(refused.Succeeded);
                writer.VarInt(refused.Operation);
                Write(writer, refused.Refusal);
                break;
            case CommandResult.ElectionStanding standing:
                writer.Byte(100);
                writer.VarInt(standing.Position);
                writer.OptionalInt64(standing.Token);
                writer.OptionalInt64(standing.ExpiresAt?.Value);
                writer.String(standing.Leader);
                break;
            case CommandResult.ElectionResigned resigned:
                writer.Byte(101);
                writer.Bool(resigned.Led);
                break;
            case CommandResult.ElectionLost lost:
                writer.Byte(102);
                writer.OptionalInt64(lost.Newest);
                break;
            case CommandResult.CandidateNotFound:
                writer.Byte(103);
                break;
            case CommandResult.ElectionFull full:
                writer.Byte(104);
                writer.VarInt(full.Limit);
                break;
            case CommandResult.EventPublished published:
                writer.Byte(110);
                writer.OptionalInt64(published.Sequence);
                writer.VarInt(published.Forwarded);
                break;
            case CommandResult.EventRouted routed:
                writer.Byte(111);
                writer.VarInt(routed.Version);
                break;
            case CommandResult.EventRoutingMismatch mismatch:
                writer.Byte(112);
                writer.VarInt(mismatch.Version);
                break;
            default:
                LockResultCodec.Write(writer, result);
                break;
        }
    }

    /// <exception cref="FormatException">The bytes are not a result of this version.</exception>
    public static CommandResult Read(ref ByteReader reader)
    {
        var tag = reader.Byte();
        return tag switch
        {
            1 => new CommandResult.Done(),
            2 => new CommandResult.Malformed(reader.String()),
            3 => new CommandResult.SessionOpened(SessionTable.ReadSession(ref reader)),
            4 => new CommandResult.SessionRenewed(new HlcTimestamp(reader.VarInt())),
            5 => new CommandResult.SessionClosed(),
            6 => new CommandResult.SessionUnknown(reader.VarInt()),
            7 => new CommandResult.SequenceTooOld(reader.VarInt()),
            8 => new CommandResult.IdempotencyKeyReused(),
            10 => new CommandResult.KvWritten(reader.VarInt(), reader.Bool()),
            11 => new CommandResult.KvDeleted(reader.VarInt()),
            12 => new CommandResult.KvNotFound(),
            13 => new CommandResult.KvMismatch(reader.Bool() ? KvTable.ReadItem(ref reader) : null),
            20 => new CommandResult.LockGranted(LockCodec.ReadHold(ref reader)),
            21 => new CommandResult.LockQueued(reader.VarInt(), (int)reader.VarInt()),
            22 => new CommandResult.LockHeld(LockCodec.ReadHolds(ref reader)),
            23 => new CommandResult.LockDeadlock(LockCodec.ReadCycle(ref reader, modes: false)),
            24 => new CommandResult.LockQueueFull((int)reader.VarInt()),
            25 => new CommandResult.LockRenewed(LockCodec.ReadHold(ref reader)),
            26 => new CommandResult.LockReleased((int)reader.VarInt()),
            27 => new CommandResult.LockStale(reader.OptionalInt64()),
            28 => new CommandResult.LockForceReleased(LockCodec.ReadHolds(ref reader)),
            29 => new CommandResult.LockNotFound(),
            30 => new CommandResult.LockWaitCancelled(),
            >= LockResultCodec.FirstTag and <= LockResultCodec.LastTag => LockResultCodec.Read(tag, ref reader),
            40 => new CommandResult.NodeIdRetired(),
            41 => new CommandResult.StateMarked(reader.VarInt()),
            14 => new CommandResult.KvFound(reader.Bool() ? KvTable.ReadItem(ref reader) : null),
            >= QueueResultCodec.FirstTag and <= QueueResultCodec.LastTag => QueueResultCodec.Read(tag, ref reader),
            >= CacheCodec.FirstTag and <= CacheCodec.LastTag => CacheCodec.ReadResult(tag, ref reader),
            BatchedTag => new CommandResult.Batched(ReadAll(ref reader)),
            TransactionTag => new CommandResult.TransactionDone(reader.VarInt(), reader.Bool(), ReadAll(ref reader)),
            TransactionRefusedTag => new CommandResult.TransactionRefused(reader.Bool(), (int)reader.VarInt(), ReadPart(ref reader)),
            100 => new CommandResult.ElectionStanding(
                (int)reader.VarInt(), reader.OptionalInt64(), reader.OptionalInt64() is { } due ? new HlcTimestamp(due) : null, reader.String()),
            101 => new CommandResult.ElectionResigned(reader.Bool()),
            102 => new CommandResult.ElectionLost(reader.OptionalInt64()),
            103 => new CommandResult.CandidateNotFound(),
            104 => new CommandResult.ElectionFull((int)reader.VarInt()),
            110 => new CommandResult.EventPublished(reader.OptionalInt64(), (int)reader.VarInt()),
            111 => new CommandResult.EventRouted(reader.VarInt()),
            112 => new CommandResult.EventRoutingMismatch(reader.VarInt()),
            >= DocumentResultCodec.FirstTag and <= DocumentResultCodec.LastTag => DocumentResultCodec.Read(tag, ref reader),
            >= BlobCodec.FirstTag and <= BlobCodec.LastTag => BlobCodec.ReadResult(tag, ref reader),
            >= SyncResultCodec.FirstTag and <= SyncResultCodec.LastTag => SyncResultCodec.Read(tag, ref reader),
            >= ExchangeResultCodec.FirstTag and <= ExchangeResultCodec.LastTag => ExchangeResultCodec.Read(tag, ref reader),
            >= RegionResultCodec.FirstTag and <= RegionResultCodec.LastTag => RegionResultCodec.Read(tag, ref reader),
            _ => throw new FormatException($"result tag {tag} is not of this version"),
        };
    }

    private static void WriteAll(ByteWriter writer, IReadOnlyList<CommandResult> results)
    {
        writer.VarInt(results.Count);
        foreach (var result in results)
        {
            Write(writer, result);
        }
    }

    private static CommandResult[] ReadAll(ref ByteReader reader)
    {
        var results = new CommandResult[reader.Count()];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = ReadPart(ref reader);
        }

        return results;
    }

    /// <summary>Checked before it is read: results in results in results must not exhaust the stack.</summary>
    private static CommandResult ReadPart(ref ByteReader reader) => reader.Peek() is BatchedTag or TransactionTag or TransactionRefusedTag
        ? throw new FormatException("the result of several commands holds one of several")
        : Read(ref reader);
}
