using System.Text;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Transactions;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>Transactions: one branch wholly, the other not at all, everything at one index.</summary>
public sealed class TransactionProperties
{
    [Fact]
    public void Transaction_AnyWorkload_IsTheBatchOfOneBranch() =>
        Properties.Hold(Scripts.Everything, script =>
        {
            var replica = new Replica();
            foreach (var step in script)
            {
                if (step.Resolve(replica.State) is not Transaction transaction)
                {
                    Scripts.Play(replica, step);
                    continue;
                }

                // A twin at the same state and time applies the branch as a batch: it must come to the same state.
                replica.Clock();
                var twin = replica.Twin();
                var done = Assert.IsType<CommandResult.TransactionDone>(replica.Apply(transaction));
                var branch = done.Succeeded ? transaction.Then : transaction.Else;
                var batched = Assert.IsType<CommandResult.Batched>(twin.Apply(new Batch(branch)));

                Assert.Equal(Replica.Bytes(batched), Replica.Bytes(new CommandResult.Batched(done.Results)));
                Assert.Equal(twin.State.Freeze().Hash(), replica.State.Freeze().Hash());
                Assert.All(done.Results.OfType<CommandResult.KvWritten>(), written => Assert.Equal(done.Index, written.Revision));
            }
        }, times: 30);

    [Theory]
    [InlineData(Relation.Equal, 1, true)]
    [InlineData(Relation.Equal, 2, false)]
    [InlineData(Relation.NotEqual, 2, true)]
    [InlineData(Relation.Less, 2, true)]
    [InlineData(Relation.Less, 1, false)]
    [InlineData(Relation.Greater, 0, true)]
    [InlineData(Relation.Greater, 1, false)]
    public void Transaction_RevisionCondition_ChoosesTheBranch(Relation relation, long operand, bool holds)
    {
        var replica = new Replica();
        replica.Apply(new KvPut("key", null, null, "1"u8.ToArray()));

        Assert.Equal(holds, Succeeds(replica, new KvCondition("key", KvField.Revision, relation, operand)));
    }

    [Fact]
    public void Transaction_KeyThatIsMissing_HasRevisionZeroAndNoValue()
    {
        var replica = new Replica();

        Assert.True(Succeeds(replica, new KvCondition("none", KvField.Revision, Relation.Equal, 0)));
        Assert.False(Succeeds(replica, new KvValueCondition("none", Equal: true, "null"u8.ToArray())));
        Assert.False(Succeeds(replica, new KvValueCondition("none", Equal: false, "null"u8.ToArray())));
    }

    [Theory]
    [InlineData("""{"a":1,"b":"é"}""", """ { "a" : 1 , "b" : "\u00e9" } """, true)]
    [InlineData("""{"a":1}""", """{"a":1.0}""", false)]
    [InlineData("""{"a":1,"b":2}""", """{"b":2,"a":1}""", false)]
    [InlineData("[1,2]", "[1]", false)]
    [InlineData("[1]", "[1,2]", false)]
    [InlineData("not json", "not json", true)]
    [InlineData("not json", "not  json", false)]
    public void Transaction_ValueCondition_ComparesTokens(string stored, string asked, bool equal)
    {
        var replica = new Replica();
        replica.Apply(new KvPut("key", null, null, Encoding.UTF8.GetBytes(stored)));

        Assert.Equal(equal, Succeeds(replica, new KvValueCondition("key", Equal: true, Encoding.UTF8.GetBytes(asked))));
        Assert.Equal(!equal, Succeeds(replica, new KvValueCondition("key", Equal: false, Encoding.UTF8.GetBytes(asked))));
    }

    [Fact]
    public void Transaction_LockCondition_HoldsOnlyWithTheTokenAndOwnerOfAHold()
    {
        var replica = new Replica();
        var token = ((CommandResult.LockGranted)replica.Apply(new LockAcquire("lock", "ada", LockMode.Exclusive, 1000, 0, null))).Hold.Token;

        Assert.True(Succeeds(replica, new LockCondition("lock", null, token)));
        Assert.True(Succeeds(replica, new LockCondition("lock", "ada", token)));
        Assert.False(Succeeds(replica, new LockCondition("lock", "bo", token)));
        Assert.False(Succeeds(replica, new LockCondition("lock", "ada", token + 1)));
        replica.Advance(1000);
        Assert.False(Succeeds(replica, new LockCondition("lock", "ada", token)));
    }

    [Fact]
    public void Transaction_BatchInside_IsMalformed()
    {
        var replica = new Replica();

        Assert.IsType<CommandResult.Malformed>(replica.Apply(new Transaction([], [new Batch([new KvRead("a")])], [])));
        Assert.IsType<CommandResult.Malformed>(replica.Apply(new Transaction([], [new KvPut("a", null, 3, "1"u8.ToArray())], [])));
        Assert.IsType<CommandResult.Malformed>(replica.Apply(new Batch([new Transaction([], [], [])])));
    }

    private static bool Succeeds(Replica replica, Condition condition)
    {
        var done = Assert.IsType<CommandResult.TransactionDone>(
            replica.Apply(new Transaction([condition], [new KvRead("then")], [new KvRead("else"), new KvRead("else")])));
        Assert.Equal(done.Succeeded ? 1 : 2, done.Results.Count);
        return done.Succeeded;
    }
}
