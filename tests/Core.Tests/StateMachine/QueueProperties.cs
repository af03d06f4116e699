using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Queues;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>What must hold of queues whatever is asked of them.</summary>
public sealed class QueueProperties
{
    [Fact]
    public void Queues_AnyWorkload_NoMessageIsLostOrMultiplied() => Judge((replica, _, _) =>
    {
        foreach (var queue in replica.State.Queues.Range(""))
        {
            var counters = queue.Counters;
            Assert.Equal(
                counters.Enqueued,
                queue.Ready + queue.Delayed + queue.InFlight + counters.Acked + queue.Dead + counters.Purged + counters.Dropped);
            var ids = States.SelectMany(state => queue.Browse(state)).Select(message => message.Id).ToList();
            Assert.Equal(ids.Count, ids.Distinct().Count());
        }
    });

    [Fact]
    public void Queues_AnyWorkload_WhatIsCountedIsWhatIsThere() => Judge((replica, _, _) =>
    {
        foreach (var queue in replica.State.Queues.Range(""))
        {
            var ready = queue.Browse(MessageState.Ready).ToList();
            Assert.All(States, state => Assert.Equal(queue.CountOf(state), queue.Browse(state).Count()));
            Assert.Equal(Enumerable.Range(0, 10).Select(priority => (long)ready.Count(message => message.Priority == priority)), queue.ReadyByPriority);
            Assert.Equal(ready.Concat(queue.Browse(MessageState.Delayed)).Sum(message => message.Size), queue.Bytes);
            Assert.Equal(queue.InFlight, queue.Consumers().Sum(consumer => consumer.InFlight));
            Assert.Equal(
                queue.Browse(MessageState.InFlight).GroupBy(message => message.Consumer!).ToDictionary(each => each.Key, each => each.LongCount()),
                queue.Consumers().Where(consumer => consumer.InFlight > 0).ToDictionary(consumer => consumer.Name, consumer => consumer.InFlight));
        }
    });

    [Fact]
    public void Queues_AnyWorkload_NothingOutlivesItsTimeAndNobodyWaitsBesideAMessage() => Judge((replica, _, _) =>
    {
        foreach (var queue in replica.State.Queues.Range(""))
        {
            Assert.All(queue.Browse(MessageState.Delayed).Concat(queue.Browse(MessageState.InFlight)), message => Assert.True(message.Due > replica.State.Time));
            Assert.All(queue.Waits(), wait => Assert.True(wait.Until > replica.State.Time));
            Assert.True(queue.Waiting == 0 || queue.Ready == 0, $"{queue.Name} keeps a message from a consumer that waits");
        }
    });

    [Fact]
    public void Queues_AnyWorkload_StayWithinTheirLimits() => Judge((replica, before, taken) =>
    {
        // A redrive may go beyond the limits; an answer repeated for a retry changes nothing.
        if (taken is { Command: QueueEnqueue enqueue }
            && replica.State.Queues.Get(enqueue.Name) is { } queue
            && queue.Counters.Enqueued > before[enqueue.Name].Enqueued)
        {
            Assert.IsType<QueueResult.Enqueued>(taken.Result);
            Assert.True(queue.Length <= (queue.Settings.MaxLength ?? long.MaxValue), $"{queue.Name} is too long");
            Assert.True(queue.Bytes <= (queue.Settings.MaxBytes ?? long.MaxValue), $"{queue.Name} is too large");
        }
    });

    [Fact]
    public void Queues_AnyWorkload_WhatIsAckedIsNeverDeliveredAndNoReceiptComesTwice()
    {
        var acked = new HashSet<long>();
        var receipts = new HashSet<Receipt>();
        var newest = new Dictionary<long, long>();
        Judge(
            (replica, _, taken) =>
            {
                foreach (var message in Deliveries(replica, taken))
                {
                    Assert.DoesNotContain(message.Id, acked);
                    Assert.True(receipts.Add(message.Receipt), $"the receipt of {message.Id} was given before");
                    newest[message.Id] = message.Delivery;
                }

                if (taken is { Command: QueueAck ack, Result: QueueResult.Settled settled })
                {
                    // A receipt that comes twice settles once, and is void the second time.
                    var valid = ack.Receipts.Distinct()
                        .Where(receipt => ack.Receipts.Count(each => each == receipt) > settled.Stale.Count(each => each == receipt))
                        .ToList();
                    Assert.Equal(settled.Count, valid.Count);
                    Assert.All(valid, receipt => Assert.Equal(newest[receipt.Message], receipt.Delivery));
                    acked.UnionWith(valid.Select(receipt => receipt.Message));
                }
            },
            begin: () =>
            {
                acked.Clear();
                receipts.Clear();
                newest.Clear();
            });
    }

    [Fact]
    public void Queues_TheWorkloads_ReachWhatTheyAreFor()
    {
        var kinds = new HashSet<string>();
        Judge((replica, _, taken) =>
        {
            kinds.Add(taken.Result.GetType().Name);
            foreach (var queue in replica.State.Queues.Range(""))
            {
                kinds.Add(queue.Counters.Dropped > 0 ? "dropped" : "");
                kinds.Add(queue.Counters.Duplicates > 0 ? "duplicate" : "");
                kinds.Add(queue.Counters.Redelivered > 0 ? "redelivered" : "");
                kinds.Add(queue.Counters.Purged > 0 ? "purged" : "");
                kinds.Add(queue.Dead > 0 ? "dead" : "");
            }

            if (replica.Events.OfType<StateEvent.QueueWaitEnded>().Any(ended => ended.Result is QueueResult.Delivered { Messages.Count: > 0 }))
            {
                kinds.Add("served");
            }
        });
        Assert.Superset(
            new HashSet<string>
            {
                "NotFound", "Configured", "Deleted", "Enqueued", "Full", "Delivered", "Waiting", "Settled", "Extended", "Purged", "Moved",
                "dropped", "duplicate", "redelivered", "purged", "dead", "served",
            },
            kinds);
    }

    private static readonly MessageState[] States = [MessageState.Ready, MessageState.Delayed, MessageState.InFlight, MessageState.Dead];

    private static IEnumerable<QueueMessage> Deliveries(Replica replica, (Command? Command, CommandResult Result) taken)
    {
        var answers = replica.Events.OfType<StateEvent.QueueWaitEnded>().Select(ended => ended.Result);

        // An answer repeated for a retry is no new delivery.
        if (taken is { Command: QueueDequeue, Result: QueueResult.Delivered direct } && direct.Messages.All(message => message.Since == replica.State.Time))
        {
            answers = answers.Append(direct);
        }

        return answers.OfType<QueueResult.Delivered>().SelectMany(each => each.Messages);
    }

    private static void Judge(
        Action<Replica, Dictionary<string, QueueCounters>, (Command? Command, CommandResult Result)> judge, Action? begin = null) =>
        Properties.Hold(Scripts.Queues, script =>
        {
            begin?.Invoke();
            var replica = new Replica();
            replica.Apply(new QueueConfigure("queue0", QueueSettings.Default with { MaxDeliveries = 2, VisibilityMs = 20 }));
            foreach (var step in script)
            {
                var before = replica.State.Queues.Range("").ToDictionary(queue => queue.Name, queue => queue.Counters);
                judge(replica, before, Scripts.Play(replica, step));
            }
        }, times: 150);
}
