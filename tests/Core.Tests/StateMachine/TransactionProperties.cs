using System.Text;
using FsCheck.Fluent;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Queues;
using Quorate.Core.StateMachine.Transactions;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>Transactions: one branch wholly, the other not at all, everything at one index.</summary>
public sealed class TransactionProperties
{
    [Fact]
    public void Transaction_AnyWorkload_IsTheBatchOfOneBranchOrNothing()
    {
        var refusals = new SortedSet<string>(StringComparer.Ordinal);
        var done = 0;
        Properties.Hold(Gen.OneOf(Scripts.Everything, Scripts.Transactions), script =>
        {
            var replica = new Replica();
            foreach (var step in script)
            {
                if (step.Resolve(replica.State) is not Transaction transaction)
                {
                    Scripts.Play(replica, step);
                    continue;
                }

                // Twins at the same state and time: one applies the branch as a batch, the other nothing.
                replica.Clock();
                var (batch, idle) = (replica.Twin(), replica.Twin());
                var result = replica.Apply(transaction);
                idle.Clock();
                if (result is CommandResult.TransactionRefused refused)
                {
                    refusals.Add(refused.Refusal.GetType().Name);
                    Assert.Equal(idle.Events.Count, replica.Events.Count);
                    Assert.Equal(idle.State.Freeze().Hash(), replica.State.Freeze().Hash());
                    var branch = refused.Succeeded ? transaction.Then : transaction.Else;
                    Assert.Equal(Replica.Bytes(refused.Refusal), Replica.Bytes(Refused(Single(batch.Apply(new Batch([branch[refused.Operation]]))))));
                    continue;
                }

                var succeeded = Assert.IsType<CommandResult.TransactionDone>(result);
                var batched = Assert.IsType<CommandResult.Batched>(batch.Apply(new Batch([.. succeeded.Succeeded ? transaction.Then : transaction.Else, new KvRead("")])));
                Assert.Equal(Replica.Bytes(new CommandResult.Batched([.. batched.Results.SkipLast(1)])), Replica.Bytes(new CommandResult.Batched(succeeded.Results)));
                Assert.Equal(batch.State.Freeze().Hash(), replica.State.Freeze().Hash());
                Assert.All(succeeded.Results, IsDone);
                Assert.All(succeeded.Results.OfType<CommandResult.KvWritten>(), written => Assert.Equal(succeeded.Index, written.Revision));
                done++;
            }
        }, times: 60);
        Assert.True(done > 100, $"only {done} transactions were done");
        Assert.Superset(
            new HashSet<string> { "NotFound", "Full", "Settled", "LockStale", "ElectionLost", "CandidateNotFound", "CollectionNotFound", "Conflict" }, refusals.ToHashSet());
    }

    private static CommandResult Single(CommandResult result) => Assert.IsType<CommandResult.Batched>(result).Results[0];

    /// <summary>Alone, valid receipts among void ones would have been settled.</summary>
    private static CommandResult Refused(CommandResult alone) => alone is QueueResult.Settled settled ? settled with { Count = 0 } : alone;

    private static void IsDone(CommandResult result) => Assert.True(
        result is CommandResult.KvWritten or CommandResult.KvDeleted or CommandResult.KvNotFound or CommandResult.KvFound
            or CommandResult.CacheWritten or CommandResult.CacheDeleted or CommandResult.EventPublished
            or QueueResult.Enqueued or QueueResult.Settled { Count: > 0, Stale.Count: 0 }
            or CommandResult.LockReleased or CommandResult.LockRenewed
            or CommandResult.ElectionResigned or CommandResult.ElectionStanding
            or DocumentResult.Written or DocumentResult.Deleted or DocumentResult.NotFound,
        $"a part of a transaction came to {result.GetType().Name}");

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
    public void Transaction_LockHeldCondition_AsksForAnybodyOrAnOwner()
    {
        var replica = new Replica();
        Assert.True(Succeeds(replica, new LockHeldCondition("lock", null, Held: false)));
        replica.Apply(new LockAcquire("lock", "ada", LockMode.Exclusive, 1000, 0, null));

        Assert.True(Succeeds(replica, new LockHeldCondition("lock", null, Held: true)));
        Assert.True(Succeeds(replica, new LockHeldCondition("lock", "ada", Held: true)));
        Assert.True(Succeeds(replica, new LockHeldCondition("lock", "bo", Held: false)));
        Assert.False(Succeeds(replica, new LockHeldCondition("lock", "ada", Held: false)));
    }

    [Fact]
    public void Transaction_QueueConditions_CountWhatIsThere()
    {
        var replica = new Replica();
        Assert.False(Succeeds(replica, new QueueCondition("queue", QueueField.Length, Relation.Equal, 0)));
        Assert.True(Succeeds(replica, new QueueExistsCondition("queue", Exists: false)));
        replica.Apply(new QueueConfigure("queue", QueueSettings.Default));
        Assert.True(Succeeds(replica, new QueueCondition("queue", QueueField.Length, Relation.Equal, 0)));

        replica.Apply(new QueueEnqueue("queue", [Message(0), Message(0), Message(500)]));
        replica.Apply(new QueueDequeue("queue", "c", 1, null, 0));

        Assert.True(Succeeds(replica, new QueueExistsCondition("queue", Exists: true)));
        Assert.True(Succeeds(replica, new QueueCondition("queue", QueueField.Ready, Relation.Equal, 1)));
        Assert.True(Succeeds(replica, new QueueCondition("queue", QueueField.Delayed, Relation.Equal, 1)));
        Assert.True(Succeeds(replica, new QueueCondition("queue", QueueField.InFlight, Relation.Greater, 0)));
        Assert.True(Succeeds(replica, new QueueCondition("queue", QueueField.Length, Relation.Less, 3)));
        Assert.True(Succeeds(replica, new QueueCondition("queue", QueueField.Dead, Relation.Equal, 0)));
    }

    [Fact]
    public void Transaction_ElectionCondition_AsksForLeaderAndTerm()
    {
        var replica = new Replica();
        Assert.True(Succeeds(replica, new ElectionCondition("election", null, null, Led: false)));
        var token = ((CommandResult.ElectionStanding)replica.Apply(new ElectionCampaign("election", "ada", "1"u8.ToArray(), 1000, null))).Token;

        Assert.True(Succeeds(replica, new ElectionCondition("election", "ada", token, Led: true)));
        Assert.True(Succeeds(replica, new ElectionCondition("election", null, token, Led: true)));
        Assert.False(Succeeds(replica, new ElectionCondition("election", "bo", null, Led: true)));
        Assert.False(Succeeds(replica, new ElectionCondition("election", "ada", token + 1, Led: true)));
        Assert.True(Succeeds(replica, new ElectionCondition("election", "bo", null, Led: false)));
    }

    [Fact]
    public void Transaction_DocumentCondition_ComparesTheRevision()
    {
        var replica = new Replica();
        Assert.True(Succeeds(replica, new DocumentCondition("c", "d", "", Equal: true)));
        replica.Apply(new CollectionCreate("c", ConflictStrategy.LastWriterWins));
        var rev = ((DocumentResult.Written)replica.Apply(new DocumentPut("c", "d", null, "here", "1"u8.ToArray()))).Rev;

        Assert.True(Succeeds(replica, new DocumentCondition("c", "d", rev, Equal: true)));
        Assert.False(Succeeds(replica, new DocumentCondition("c", "d", rev, Equal: false)));
        Assert.True(Succeeds(replica, new DocumentCondition("c", "d", "1-other", Equal: false)));
        Assert.False(Succeeds(replica, new DocumentCondition("c", "none", rev, Equal: false)));
        Assert.True(Succeeds(replica, new DocumentCondition("c", "d", "", Equal: false)));
    }

    [Fact]
    public void Transaction_SecondOperationRefused_AppliesNothingAndNamesIt()
    {
        var replica = new Replica();
        replica.Apply(new QueueConfigure("queue", QueueSettings.Default with { MaxLength = 1 }));
        replica.Apply(new QueueEnqueue("queue", [Message(0)]));

        var refused = Assert.IsType<CommandResult.TransactionRefused>(replica.Apply(
            new Transaction([], [new KvPut("key", null, null, "1"u8.ToArray()), new QueueEnqueue("queue", [Message(0)])], []), key: "retry"));

        Assert.Equal(1, refused.Operation);
        Assert.IsType<QueueResult.Full>(refused.Refusal);
        Assert.Null(replica.State.Kv.Get("key"));
        replica.Apply(new QueuePurge("queue", MessageState.Ready, null));
        var repeated = replica.Apply(
            new Transaction([], [new KvPut("key", null, null, "1"u8.ToArray()), new QueueEnqueue("queue", [Message(0)])], []), key: "retry");
        Assert.Equal(Replica.Bytes(refused), Replica.Bytes(repeated));
    }

    [Fact]
    public void Transaction_ThingChangedTwice_IsMalformed()
    {
        var nack = new QueueNack("queue", [new Receipt(1, 1)], 0);
        foreach (var branch in (Command[][])
            [
                [new KvPut("a", null, null, "1"u8.ToArray()), new KvDelete("a", null)],
                [nack, new QueueEnqueue("queue", [Message(0)])],
                [new QueueAck("queue", [new Receipt(1, 1)]), nack],
                [new LockRelease("lock", "ada", 1), new LockRelease("lock", "bo", 2)],
                [new ElectionResign("election", "ada", 1), new ElectionProclaim("election", "ada", 1, "1"u8.ToArray())],
                [new DocumentPut("c", "d", null, "here", "1"u8.ToArray()), new DocumentDelete("c", "d", null, "here")],
            ])
        {
            Assert.IsType<CommandResult.Malformed>(new Replica().Apply(new Transaction([], branch, [])));
            Assert.IsType<CommandResult.Malformed>(new Replica().Apply(new Transaction([], [], branch)));
        }
    }

    [Fact]
    public void Transaction_BatchInside_IsMalformed()
    {
        var replica = new Replica();

        Assert.IsType<CommandResult.Malformed>(replica.Apply(new Transaction([], [new Batch([new KvRead("a")])], [])));
        Assert.IsType<CommandResult.Malformed>(replica.Apply(new Transaction([], [new KvPut("a", null, 3, "1"u8.ToArray())], [])));
        Assert.IsType<CommandResult.Malformed>(replica.Apply(new Batch([new Transaction([], [], [])])));
    }

    private static NewMessage Message(long delayMs) => new("1"u8.ToArray(), 4, delayMs, null, []);

    private static bool Succeeds(Replica replica, Condition condition)
    {
        var done = Assert.IsType<CommandResult.TransactionDone>(
            replica.Apply(new Transaction([condition], [new KvRead("then")], [new KvRead("else"), new KvRead("else")])));
        Assert.Equal(done.Succeeded ? 1 : 2, done.Results.Count);
        return done.Succeeded;
    }
}
