using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Queues;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>What must hold of queues whatever is asked of them.</summary>
public sealed class QueueProperties
{
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
    public void Queues_AnyWorkload_DeliverByPriorityAndFirstInFirstOut()
    {
        var (delayed, delivered) = (new HashSet<long>(), new HashSet<long>());
        var newest = new Dictionary<(string, byte), long>();
        var compared = 0;
        Judge(
            (replica, _, taken) =>
            {
                delayed.UnionWith(replica.State.Queues.Range("").SelectMany(queue => queue.Browse(MessageState.Delayed)).Select(message => message.Id));
                foreach (var message in Deliveries(replica, taken).Where(message => delivered.Add(message.Id) && !delayed.Contains(message.Id)))
                {
                    // What is no longer in flight, because the queue was deleted in the same entry, is in no order.
                    if (replica.State.Queues.Range("").FirstOrDefault(queue => queue.Browse(MessageState.InFlight).Any(held => held.Id == message.Id)) is { } queue)
                    {
                        var place = (queue.Name, message.Priority);
                        Assert.True(message.Id > newest.GetValueOrDefault(place), $"{message.Id} of {place} comes after {newest.GetValueOrDefault(place)}");
                        newest[place] = message.Id;
                        compared++;
                    }
                }

                if (taken is { Command: QueueDequeue dequeue, Result: QueueResult.Delivered { Messages: [.., var last] } answer } && last.Since == replica.State.Time)
                {
                    var places = answer.Messages.Select(message => (-message.Priority, message.Position)).ToList();
                    Assert.Equal(places.Order(), places);
                    Assert.All(
                        replica.State.Queues.Get(dequeue.Name)!.Browse(MessageState.Ready),
                        left => Assert.True((-left.Priority, left.Position).CompareTo(places[^1]) > 0, $"{left} was passed by {last}"));
                }
            },
            begin: () =>
            {
                delayed.Clear();
                delivered.Clear();
                newest.Clear();
            });
        Assert.True(compared > 100, "hardly anything was delivered in order");
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
