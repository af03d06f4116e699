using System.Diagnostics;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Transactions;

/// <summary>Transactions as they stand in the log. Tags are part of its format: never reuse one.</summary>
internal static class TransactionCodec
{
    private const byte KvConditionTag = 1;
    private const byte KvValueConditionTag = 2;
    private const byte LockConditionTag = 3;

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
            _ => throw new FormatException($"condition tag {tag} is not of this version"),
        };
    }

    private static KvField ReadField(ref ByteReader reader)
    {
        var field = (KvField)reader.Byte();
        return field is >= KvField.Revision and <= KvField.Version ? field : throw new FormatException($"{field} is no field of a key");
    }

    private static Relation ReadRelation(ref ByteReader reader)
    {
        var relation = (Relation)reader.Byte();
        return relation is >= Relation.Equal and <= Relation.Greater ? relation : throw new FormatException($"{relation} is no relation");
    }
}
