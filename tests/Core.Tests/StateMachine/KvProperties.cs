using Quorate.Core.Clocks;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>Keys and values against a plain dictionary that expires by looking at everything.</summary>
public sealed class KvProperties
{
    [Fact]
    public void Kv_AnyWorkload_EqualsPlainDictionary() =>
        Properties.Hold(Scripts.Keys, script =>
        {
            var replica = new Replica();
            var model = new SortedDictionary<string, KvItem>(StringComparer.Ordinal);
            foreach (var step in script)
            {
                replica.Advance(step.PassMs);
                var command = step.Resolve(replica.State);
                if (command is null)
                {
                    replica.Clock();
                }

                var result = command is null ? new CommandResult.Done() : replica.Apply(command);
                var now = replica.State.Time;
                foreach (var expired in model.Values.Where(item => item.ExpiresAt <= now).ToList())
                {
                    model.Remove(expired.Key);
                }

                Assert.Equal(Replica.Bytes(Change(model, command, replica.State.AppliedIndex.Value, now)), Replica.Bytes(result));
                Assert.Equal(model.Values.Select(Shown), replica.State.Kv.Range("").Select(Shown));
                Assert.Equal(model.Values.Min(item => item.ExpiresAt), replica.State.NextDue);
            }
        }, times: 200);

    [Fact]
    public void Kv_PutWithTtl_ExpiresAtTheFirstEntryWhoseTimeHasCome()
    {
        var replica = new Replica();
        replica.Apply(new KvPut("key", 20, null, new byte[] { 1 }));
        replica.Advance(19);
        replica.Clock();
        Assert.NotNull(replica.State.Kv.Get("key"));
        replica.Advance(1);
        replica.Clock();
        Assert.Null(replica.State.Kv.Get("key"));
        Assert.Contains(replica.Events, change => change is StateEvent.KvChanged { Key: "key", Change: KvChange.Expired, Item: null });
    }

    private static CommandResult Change(SortedDictionary<string, KvItem> model, Command? command, long index, HlcTimestamp now)
    {
        switch (command)
        {
            case KvPut put when !Expected(model.GetValueOrDefault(put.Key), put.Expected):
                return new CommandResult.KvMismatch(model.GetValueOrDefault(put.Key));
            case KvPut put:
                var old = model.GetValueOrDefault(put.Key);
                HlcTimestamp? due = put.TtlMs is { } ttl ? now.AddMs(ttl) : null;
                model[put.Key] = new KvItem(put.Key, put.Value, index, old?.CreateRevision ?? index, (old?.Version ?? 0) + 1, now, due);
                return new CommandResult.KvWritten(index, old is null);
            case KvDelete delete when !Expected(model.GetValueOrDefault(delete.Key), delete.Expected):
                return new CommandResult.KvMismatch(model.GetValueOrDefault(delete.Key));
            case KvDelete delete:
                return model.Remove(delete.Key) ? new CommandResult.KvDeleted(index) : new CommandResult.KvNotFound();
            default:
                return new CommandResult.Done();
        }
    }

    private static bool Expected(KvItem? current, long? expected) =>
        expected is null || (expected == KvTable.AnyRevision ? current is not null : expected == (current?.Revision ?? 0));

    private static string Shown(KvItem item) => $"{item with { Value = default }} {Convert.ToHexString(item.Value.Span)}";
}
