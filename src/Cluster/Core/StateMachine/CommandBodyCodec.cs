using System.Diagnostics;
using Quorate.Core.Codec;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Nodes;
using Quorate.Core.StateMachine.Queues;
using Quorate.Core.StateMachine.Sessions;

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
            case Batch batch:
                writer.Byte(BatchTag);
                writer.VarInt(batch.Commands.Count);
                foreach (var part in batch.Commands)
                {
                    Write(writer, part);
                }

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
            BatchTag => ReadBatch(ref reader),
            _ => throw new FormatException($"command tag {tag} is not of this version"),
        };
    }

    private static Batch ReadBatch(ref ByteReader reader)
    {
        var commands = new Command[reader.Count()];
        if (commands.Length is 0 or > Batch.MaxCommands)
        {
            throw new FormatException($"a batch of {commands.Length} commands is not of this version");
        }

        for (var i = 0; i < commands.Length; i++)
        {
            commands[i] = Read(ref reader);
            if (commands[i] is Batch)
            {
                throw new FormatException("a batch holds a batch");
            }
        }

        return new Batch(commands);
    }}
