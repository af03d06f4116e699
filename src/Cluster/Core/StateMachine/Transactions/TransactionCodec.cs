using System.Diagnostics;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Transactions;

/// <summary>Transactions as they stand in the log. Tags are part of its format: never reuse one.</summary>
internal static class TransactionCodec
{
    private const byte KvConditionTag = 1;
    private const byte KvValueConditionTag = 2;
    private const byte LockConditionTag = 3;
    private const byte LockHeldConditionTag = 4;
    private const byte QueueConditionTag = 5;
    private const byte QueueExistsConditionTag = 6;
    private const byte ElectionConditionTag = 7;
    private const byte DocumentConditionTag = 8;

    public static void Write(ByteWriter writer, Transaction transaction)
    {
        writer.VarInt(transaction.Compare.Count);
        foreach (var condition in transaction.Compare)
        {
            Write(writer, condition);
        }

        foreach (var branch in (ReadOnlySpan<IReadOnlyList<Command>>)[transaction.Then, transaction.Else])
        {
            writer.VarInt(branch.Count);
            foreach (var command in branch)
            {
                CommandBodyCodec.Write(writer, command);
            }
        }
    }

    public static Transaction Read(ref ByteReader reader)
    {
        var conditions = new Condition[Limited(reader.Count())];
        for (var i = 0; i < conditions.Length; i++)
        {
            conditions[i] = ReadCondition(ref reader);
        }

        var then = ReadBranch(ref reader);
        var otherwise = ReadBranch(ref reader);
        Limited(conditions.Length + then.Length + otherwise.Length);
        return new Transaction(conditions, then, otherwise);
    }

    private static int Limited(int count) => count <= Transaction.MaxOperations
        ? count
        : throw new FormatException($"a transaction of {count} conditions and operations is not of this version");

    private static Command[] ReadBranch(ref ByteReader reader)
    {
        var commands = new Command[Limited(reader.Count())];
        var claims = new TransactionClaims();
        for (var i = 0; i < commands.Length; i++)
        {
            // Checked before it is read: a transaction in a transaction in a transaction must not exhaust the stack.
            commands[i] = CommandBodyCodec.HoldsCommands(reader.Peek())
                ? throw new FormatException("a transaction holds a batch or a transaction")
                : CommandBodyCodec.Read(ref reader);
            if (!Transaction.Allows(commands[i]))
            {
                throw new FormatException($"{commands[i].GetType().Name} does not belong in a transaction");
            }

            if (claims.Add(commands[i]) is { } twice)
            {
                throw new FormatException($"a branch changes {twice} twice");
            }
        }

        return commands;
    }

    private static void Write(ByteWriter writer, Condition condition)
    {
        switch (condition)
        {
            case KvCondition key:
                writer.Byte(KvConditionTag);
                writer.String(key.Key);
                writer.Byte((byte)key.Field);
                writer.Byte((byte)key.Relation);
                writer.VarInt(key.Operand);
                break;
            case KvValueCondition value:
                writer.Byte(KvValueConditionTag);
                writer.String(value.Key);
                writer.Bool(value.Equal);
                writer.Bytes(value.Value.Span);
                break;
            case LockCondition held:
                writer.Byte(LockConditionTag);
                writer.String(held.Name);
                writer.OptionalString(held.Owner);
                writer.VarInt(held.Token);
                break;
            case LockHeldCondition held:
                writer.Byte(LockHeldConditionTag);
                writer.String(held.Name);
                writer.OptionalString(held.Owner);
                writer.Bool(held.Held);
                break;
            case QueueCondition queue:
                writer.Byte(QueueConditionTag);
                writer.String(queue.Name);
                writer.Byte((byte)queue.Field);
                writer.Byte((byte)queue.Relation);
                writer.VarInt(queue.Operand);
                break;
            case QueueExistsCondition queue:
                writer.Byte(QueueExistsConditionTag);
                writer.String(queue.Name);
                writer.Bool(queue.Exists);
                break;
            case ElectionCondition election:
                writer.Byte(ElectionConditionTag);
                writer.String(election.Name);
                writer.OptionalString(election.Leader);
                writer.OptionalInt64(election.Token);
                writer.Bool(election.Led);
                break;
            case DocumentCondition document:
                writer.Byte(DocumentConditionTag);
                writer.String(document.Collection);
                writer.String(document.Key);
                writer.String(document.Rev);
                writer.Bool(document.Equal);
                break;
            default:
                throw new UnreachableException(condition.GetType().Name);
        }
    }

    private static Condition ReadCondition(ref ByteReader reader)
    {
        var tag = reader.Byte();
        return tag switch
        {
            KvConditionTag => new KvCondition(reader.String(), ReadField(ref reader), ReadRelation(ref reader), reader.VarInt()),
            KvValueConditionTag => new KvValueCondition(reader.String(), reader.Bool(), reader.Bytes()),
            LockConditionTag => new LockCondition(reader.String(), reader.OptionalString(), reader.VarInt()),
            LockHeldConditionTag => new LockHeldCondition(reader.String(), reader.OptionalString(), reader.Bool()),
            QueueConditionTag => new QueueCondition(reader.String(), ReadQueueField(ref reader), ReadRelation(ref reader), reader.VarInt()),
            QueueExistsConditionTag => new QueueExistsCondition(reader.String(), reader.Bool()),
            ElectionConditionTag => new ElectionCondition(reader.String(), reader.OptionalString(), reader.OptionalInt64(), reader.Bool()),
            DocumentConditionTag => new DocumentCondition(reader.String(), reader.String(), reader.String(), reader.Bool()),
            _ => throw new FormatException($"condition tag {tag} is not of this version"),
        };
    }

    private static KvField ReadField(ref ByteReader reader)
    {
        var field = (KvField)reader.Byte();
        return field is >= KvField.Revision and <= KvField.Version ? field : throw new FormatException($"{field} is no field of a key");
    }

    private static QueueField ReadQueueField(ref ByteReader reader)
    {
        var field = (QueueField)reader.Byte();
        return field is >= QueueField.Ready and <= QueueField.Length ? field : throw new FormatException($"{field} is no field of a queue");
    }

    private static Relation ReadRelation(ref ByteReader reader)
    {
        var relation = (Relation)reader.Byte();
        return relation is >= Relation.Equal and <= Relation.Greater ? relation : throw new FormatException($"{relation} is no relation");
    }
}
