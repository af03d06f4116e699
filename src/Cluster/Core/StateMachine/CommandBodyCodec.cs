using System.Diagnostics;
using Quorate.Core.Codec;
using Quorate.Core.Replication;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Core.StateMachine.Cache;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Events;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Nodes;
using Quorate.Core.StateMachine.Queues;
using Quorate.Core.StateMachine.Sessions;
using Quorate.Core.StateMachine.Transactions;

namespace Quorate.Core.StateMachine;

/// <summary>The bytes of each command. Tags are part of the log's format: never reuse one.</summary>
internal static class CommandBodyCodec
{
    private const byte SessionOpenTag = 1;
    private const byte SessionKeepAliveTag = 2;
    private const byte SessionCloseTag = 3;
    private const byte KvPutTag = 10;
    private const byte KvDeleteTag = 11;
    private const byte LockAcquireTag = 20;
    private const byte LockRenewTag = 21;
    private const byte LockReleaseTag = 22;
    private const byte LockForceReleaseTag = 23;
    private const byte LockCancelWaitTag = 24;
    private const byte SemaphoreAcquireTag = 25;
    private const byte LockAcquireAllTag = 26;

    private const byte NodeRegisterTag = 30;
    private const byte NodeRetireTag = 31;
    private const byte StateMarkTag = 32;
    private const byte KvReadTag = 12;
    private const byte BatchTag = 40;
    private const byte TransactionTag = 90;
    private const byte ElectionCampaignTag = 100;
    private const byte ElectionRenewTag = 101;
    private const byte ElectionProclaimTag = 102;
    private const byte ElectionResignTag = 103;
    private const byte EventPublishTag = 110;
    private const byte EventRouteTag = 111;

    public static void Write(ByteWriter writer, Command command)
    {
        switch (command)
        {
            case SessionOpen open:
                writer.Byte(SessionOpenTag);
                writer.VarInt(open.TtlMs);
                writer.OptionalString(open.Name);
                break;
            case SessionKeepAlive keepAlive:
                writer.Byte(SessionKeepAliveTag);
                writer.VarInt(keepAlive.Session);
                break;
            case SessionClose close:
                writer.Byte(SessionCloseTag);
                writer.VarInt(close.Session);
                break;
            case KvPut put:
                writer.Byte(KvPutTag);
                writer.String(put.Key);
                writer.OptionalInt64(put.TtlMs);
                writer.OptionalInt64(put.Expected);
                writer.Bytes(put.Value.Span);
                break;
            case KvDelete delete:
                writer.Byte(KvDeleteTag);
                writer.String(delete.Key);
                writer.OptionalInt64(delete.Expected);
                break;
            case LockAcquire acquire:
                writer.Byte(acquire.Mode == LockMode.Semaphore ? SemaphoreAcquireTag : LockAcquireTag);
                LockCommandCodec.Write(writer, acquire);
                break;
            case LockAcquireAll acquire:
                writer.Byte(LockAcquireAllTag);
                LockCommandCodec.Write(writer, acquire);
                break;
            case LockRenew renew:
                writer.Byte(LockRenewTag);
                writer.String(renew.Name);
                writer.String(renew.Owner);
                writer.VarInt(renew.Token);
                writer.OptionalInt64(renew.TtlMs);
                break;
            case LockRelease release:
                writer.Byte(LockReleaseTag);
                writer.String(release.Name);
                writer.String(release.Owner);
                writer.VarInt(release.Token);
                break;
            case LockForceRelease force:
                writer.Byte(LockForceReleaseTag);
                writer.String(force.Name);
                break;
            case LockCancelWait cancel:
                writer.Byte(LockCancelWaitTag);
                writer.String(cancel.Name);
                writer.String(cancel.Owner);
                writer.VarInt(cancel.Ticket);
                break;
            case NodeRegister register:
                writer.Byte(NodeRegisterTag);
                writer.String(register.Id);
                writer.String(register.Address);
                writer.String(register.Region);
                writer.Bool(register.Voter);
                break;
            case NodeRetire retire:
                writer.Byte(NodeRetireTag);
                writer.String(retire.Id);
                break;
            case StateMark:
                writer.Byte(StateMarkTag);
                break;
            case KvRead read:
                writer.Byte(KvReadTag);
                writer.String(read.Key);
                break;
            case QueueCommand queue:
                QueueCommandCodec.Write(writer, queue);
                break;
            case CacheCommand cache:
                CacheCodec.Write(writer, cache);
                break;
            case Batch batch:
                writer.Byte(BatchTag);
                writer.VarInt(batch.Commands.Count);
                foreach (var part in batch.Commands)
                {
                    Write(writer, part);
                }

                break;
            case Transaction transaction:
                writer.Byte(TransactionTag);
                TransactionCodec.Write(writer, transaction);
                break;
            case ElectionCampaign campaign:
                writer.Byte(ElectionCampaignTag);
                writer.String(campaign.Name);
                writer.String(campaign.Candidate);
                writer.Bytes(campaign.Value.Span);
                writer.OptionalInt64(campaign.TtlMs);
                writer.OptionalInt64(campaign.Session);
                break;
            case ElectionRenew renew:
                writer.Byte(ElectionRenewTag);
                writer.String(renew.Name);
                writer.String(renew.Candidate);
                writer.VarInt(renew.Token);
                break;
            case ElectionProclaim proclaim:
                writer.Byte(ElectionProclaimTag);
                writer.String(proclaim.Name);
                writer.String(proclaim.Candidate);
                writer.VarInt(proclaim.Token);
                writer.Bytes(proclaim.Value.Span);
                break;
            case ElectionResign resign:
                writer.Byte(ElectionResignTag);
                writer.String(resign.Name);
                writer.String(resign.Candidate);
                writer.OptionalInt64(resign.Token);
                break;
            case EventPublish publish:
                writer.Byte(EventPublishTag);
                writer.String(publish.Topic);
                writer.Bytes(publish.Payload.Span);
                break;
            case EventRoute route:
                writer.Byte(EventRouteTag);
                EventCodec.WriteRules(writer, route.Rules);
                writer.OptionalInt64(route.Expected);
                break;
            case DocumentCommand document:
                DocumentCommandCodec.Write(writer, document);
                break;
            case BlobCommand blob:
                BlobCodec.Write(writer, blob);
                break;
            case SyncCommand sync:
                SyncCommandCodec.Write(writer, sync);
                break;
            case ExchangeCommand exchange:
                ExchangeCommandCodec.Write(writer, exchange);
                break;
            case RegionCommand region:
                RegionCommandCodec.Write(writer, region);
                break;
            default:
                throw new UnreachableException(command.GetType().Name);
        }
    }

    public static Command Read(ref ByteReader reader)
    {
        var tag = reader.Byte();
        return tag switch
        {
            SessionOpenTag => new SessionOpen(reader.VarInt(), reader.OptionalString()),
            SessionKeepAliveTag => new SessionKeepAlive(reader.VarInt()),
            SessionCloseTag => new SessionClose(reader.VarInt()),
            KvPutTag => new KvPut(reader.String(), reader.OptionalInt64(), reader.OptionalInt64(), reader.Bytes()),
            KvDeleteTag => new KvDelete(reader.String(), reader.OptionalInt64()),
            LockAcquireTag => LockCommandCodec.ReadAcquire(ref reader, semaphore: false),
            SemaphoreAcquireTag => LockCommandCodec.ReadAcquire(ref reader, semaphore: true),
            LockAcquireAllTag => LockCommandCodec.ReadAcquireAll(ref reader),
            LockRenewTag => new LockRenew(reader.String(), reader.String(), reader.VarInt(), reader.OptionalInt64()),
            LockReleaseTag => new LockRelease(reader.String(), reader.String(), reader.VarInt()),
            LockForceReleaseTag => new LockForceRelease(reader.String()),
            LockCancelWaitTag => new LockCancelWait(reader.String(), reader.String(), reader.VarInt()),
            NodeRegisterTag => new NodeRegister(reader.String(), reader.String(), reader.String(), reader.Bool()),
            NodeRetireTag => new NodeRetire(reader.String()),
            StateMarkTag => new StateMark(),
            KvReadTag => new KvRead(reader.String()),
            >= QueueCommandCodec.FirstTag and <= QueueCommandCodec.LastTag => QueueCommandCodec.Read(tag, ref reader),
            >= CacheCodec.FirstTag and <= CacheCodec.LastTag => CacheCodec.ReadCommand(tag, ref reader),
            BatchTag => ReadBatch(ref reader),
            TransactionTag => TransactionCodec.Read(ref reader),
            ElectionCampaignTag => new ElectionCampaign(
                reader.String(), reader.String(), reader.Bytes(), reader.OptionalInt64(), reader.OptionalInt64()),
            ElectionRenewTag => new ElectionRenew(reader.String(), reader.String(), reader.VarInt()),
            ElectionProclaimTag => new ElectionProclaim(reader.String(), reader.String(), reader.VarInt(), reader.Bytes()),
            ElectionResignTag => new ElectionResign(reader.String(), reader.String(), reader.OptionalInt64()),
            EventPublishTag => new EventPublish(reader.String(), reader.Bytes()),
            EventRouteTag => new EventRoute(EventCodec.ReadRules(ref reader), reader.OptionalInt64()),
            >= DocumentCommandCodec.FirstTag and <= DocumentCommandCodec.LastTag => DocumentCommandCodec.Read(tag, ref reader),
            >= BlobCodec.FirstTag and <= BlobCodec.LastTag => BlobCodec.ReadCommand(tag, ref reader),
            >= SyncCommandCodec.FirstTag and <= SyncCommandCodec.LastTag => SyncCommandCodec.Read(tag, ref reader),
            >= ExchangeCommandCodec.FirstTag and <= ExchangeCommandCodec.LastTag => ExchangeCommandCodec.Read(tag, ref reader),
            >= RegionCommandCodec.FirstTag and <= RegionCommandCodec.LastTag => RegionCommandCodec.Read(tag, ref reader),
            _ => throw new FormatException($"command tag {tag} is not of this version"),
        };
    }

    /// <summary>Whether the command with this tag is made of commands. Such a one never holds another.</summary>
    public static bool HoldsCommands(byte tag) => tag is BatchTag or TransactionTag;

    private static Batch ReadBatch(ref ByteReader reader)
    {
        var commands = new Command[reader.Count()];
        if (commands.Length is 0 or > Batch.MaxCommands)
        {
            throw new FormatException($"a batch of {commands.Length} commands is not of this version");
        }

        for (var i = 0; i < commands.Length; i++)
        {
            // Checked before it is read: a batch in a batch in a batch must not exhaust the stack.
            commands[i] = HoldsCommands(reader.Peek())
                ? throw new FormatException("a batch holds a batch or a transaction")
                : Read(ref reader);
        }

        return new Batch(commands);
    }}
