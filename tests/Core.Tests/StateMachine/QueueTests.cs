using FsCheck.Fluent;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Queues;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>One rule of queues at a time.</summary>
public sealed class QueueTests
{
    private const string Name = "jobs";

    [Fact]
    public void Dequeue_MessagesOfMixedPriorities_ComesByPriorityAndThenInOrder() =>
        Properties.Hold(Gen.Choose(0, 9).ListOf(60), priorities =>
        {
            var replica = Queue();
            var sent = priorities.Select((priority, number) => (Priority: priority, Number: number)).ToList();
            foreach (var (priority, number) in sent)
            {
                replica.Apply(new QueueEnqueue(Name, [Message((byte)number, (byte)priority)]));
            }

            var got = new List<QueueMessage>();
            while (Take(replica, 7) is { Count: > 0 } messages)
            {
                got.AddRange(messages);
            }

            Assert.Equal(
                sent.OrderByDescending(each => each.Priority).ThenBy(each => each.Number).Select(each => (byte)each.Number),
                got.Select(message => message.Body.Span[0]));
        });

    [Fact]
    public void Nack_WithoutDelay_PutsTheMessageBackToItsPlace()
    {
        var replica = Queue();
        Send(replica, 1, 2, 3);
        var first = Take(replica, 1).Single();
        Assert.Equal(1, Assert.IsType<QueueResult.Settled>(replica.Apply(new QueueNack(Name, [first.Receipt], 0))).Count);
        Assert.Equal([1, 2, 3], Take(replica, 5).Select(message => message.Body.Span[0]));
    }

    [Fact]
    public void Nack_WithDelay_BringsTheMessageBackAtTheEnd()
    {
        var replica = Queue();
        Send(replica, 1, 2);
        replica.Apply(new QueueNack(Name, [Take(replica, 1).Single().Receipt], 10));
        Assert.Equal((1, 1), (replica.State.Queues.Get(Name)!.Ready, replica.State.Queues.Get(Name)!.Delayed));
        Pass(replica, 10);
        Assert.Equal([2, 1], Take(replica, 5).Select(message => message.Body.Span[0]));
    }

    [Fact]
    public void Ack_AfterTheVisibilityTimeout_IsStaleAndTheMessageComesAgain()
    {
        var replica = Queue();
        Send(replica, 1);
        var first = Take(replica, 1).Single();
        Pass(replica, QueueSettings.Default.VisibilityMs);
        var settled = Assert.IsType<QueueResult.Settled>(replica.Apply(new QueueAck(Name, [first.Receipt])));
        Assert.Equal((0, first.Receipt), (settled.Count, settled.Stale.Single()));
        var second = Take(replica, 1).Single();
        Assert.Equal((first.Id, 2), (second.Id, second.Deliveries));
        Assert.Equal(0, Assert.IsType<QueueResult.Settled>(replica.Apply(new QueueAck(Name, [first.Receipt]))).Count);
        Assert.Equal(1, Assert.IsType<QueueResult.Settled>(replica.Apply(new QueueAck(Name, [second.Receipt]))).Count);
    }

    [Fact]
    public void Extend_BeforeTheTimeout_KeepsTheMessage()
    {
        var replica = Queue();
        Send(replica, 1);
        var held = Take(replica, 1).Single();
        replica.Advance(QueueSettings.Default.VisibilityMs - 1);
        replica.Apply(new QueueExtend(Name, [held.Receipt], 1000));
        replica.Advance(998);
        Assert.Equal(1, Assert.IsType<QueueResult.Settled>(replica.Apply(new QueueAck(Name, [held.Receipt]))).Count);
    }

    [Fact]
    public void Message_DeliveredTooOften_IsDeadUntilRedriven()
    {
        var replica = Queue(QueueSettings.Default with { MaxDeliveries = 2 });
        Send(replica, 1);
        Take(replica, 1);
        Pass(replica, QueueSettings.Default.VisibilityMs);
        replica.Apply(new QueueNack(Name, [Take(replica, 1).Single().Receipt], 0));
        var queue = replica.State.Queues.Get(Name)!;
        Assert.Equal((0, 1), (queue.Ready, queue.Dead));
        Assert.Contains(replica.Events, item => item is StateEvent.QueueDeadLetters { Deliveries: 2 });
        Assert.Equal(new QueueResult.Moved(1, 0), replica.Apply(new QueueRedrive(Name, null, null)));
        Assert.Equal(1, Take(replica, 1).Single().Deliveries);
    }

    [Fact]
    public void Enqueue_SameDedupIdWithinTheWindow_AnswersTheFirstMessage()
    {
        var replica = Queue(QueueSettings.Default with { DedupWindowMs = 100 });
        var message = Message(1, 0) with { DedupId = "order-1" };
        var first = Assert.IsType<QueueResult.Enqueued>(replica.Apply(new QueueEnqueue(Name, [message, message])));
        Assert.Equal([new(first.Messages[0].Id, false), new(first.Messages[0].Id, true)], first.Messages);
        replica.Apply(new QueueAck(Name, [Take(replica, 1).Single().Receipt]));
        replica.Advance(98);
        Assert.True(Assert.IsType<QueueResult.Enqueued>(replica.Apply(new QueueEnqueue(Name, [message]))).Messages[0].Duplicate);
        replica.Advance(3);
        Assert.False(Assert.IsType<QueueResult.Enqueued>(replica.Apply(new QueueEnqueue(Name, [message]))).Messages[0].Duplicate);
        Assert.Equal((2, 2), (replica.State.Queues.Get(Name)!.Counters.Enqueued, replica.State.Queues.Get(Name)!.Counters.Duplicates));
    }

    [Fact]
    public void Dequeue_SeveralWaiting_AreServedInTheOrderTheyCame()
    {
        var replica = Queue();
        var tickets = Enumerable.Range(0, 3)
            .Select(number => Assert.IsType<QueueResult.Waiting>(replica.Apply(new QueueDequeue(Name, $"c{number}", 1, null, 1000))).Ticket)
            .ToList();
        replica.Apply(new QueueEnqueue(Name, [Message(1, 0), Message(2, 0)]));
        var served = replica.Events.OfType<StateEvent.QueueWaitEnded>().ToList();
        Assert.Equal(tickets[..2], served.Select(ended => ended.Ticket));
        Assert.Equal([1, 2], served.Select(ended => Assert.IsType<QueueResult.Delivered>(ended.Result).Messages.Single().Body.Span[0]));
        Pass(replica, 1000);
        replica.Clock();
        var ended = Assert.Single(replica.Events.OfType<StateEvent.QueueWaitEnded>());
        Assert.Equal((tickets[2], 0), (ended.Ticket, Assert.IsType<QueueResult.Delivered>(ended.Result).Messages.Count));
    }

    [Fact]
    public void KeyedDequeue_RepeatedAfterItsWaitEnded_AnswersTheSameMessages()
    {
        var replica = Queue();
        var dequeue = new QueueDequeue(Name, "c", 1, null, 1000);
        Assert.IsType<QueueResult.Waiting>(replica.Apply(dequeue, key: "once"));
        Send(replica, 1, 2);
        var again = Assert.IsType<QueueResult.Delivered>(replica.Apply(dequeue, key: "once"));
        Assert.Equal(1, again.Messages.Single().Body.Span[0]);
        Assert.Equal(1, replica.State.Queues.Get(Name)!.InFlight);
    }

    [Fact]
    public void Delete_WithConsumersWaiting_TellsThem()
    {
        var replica = Queue();
        replica.Apply(new QueueDequeue(Name, "c", 1, null, 1000));
        replica.Apply(new QueueDelete(Name));
        Assert.IsType<QueueResult.NotFound>(Assert.Single(replica.Events.OfType<StateEvent.QueueWaitEnded>()).Result);
        Assert.Null(replica.State.NextDue);
    }

    [Fact]
    public void Enqueue_IntoAFullQueueThatDrops_DropsTheOldestOfTheLowestPriority()
    {
        var replica = Queue(QueueSettings.Default with { MaxLength = 3, Overflow = QueueOverflow.DropOldest });
        replica.Apply(new QueueEnqueue(Name, [Message(1, 5), Message(2, 1), Message(3, 1)]));
        replica.Apply(new QueueEnqueue(Name, [Message(4, 3)]));
        Assert.Equal([1, 4, 3], Take(replica, 9).Select(message => message.Body.Span[0]));
        Assert.Equal(1, replica.State.Queues.Get(Name)!.Counters.Dropped);
    }

    [Fact]
    public void Expiry_OfMoreThanOneEntryTakes_GoesOnWithTheNext()
    {
        const int Count = QueueTable.MaxDuePerEntry + 10;
        var replica = Queue();
        replica.Apply(new QueueEnqueue(Name, [.. Enumerable.Repeat(Message(1, 0) with { DelayMs = 10 }, Count)]));
        Pass(replica, 10);
        replica.Clock();
        var queue = replica.State.Queues.Get(Name)!;
        Assert.Equal((QueueTable.MaxDuePerEntry, 10), (queue.Ready, queue.Delayed));
        Assert.True(replica.State.NextDue <= replica.State.Time);
        replica.Clock();
        Assert.Equal((Count, 0), (queue.Ready, queue.Delayed));
    }

    /// <summary>Passes a little more, because several entries share a millisecond.</summary>
    private static void Pass(Replica replica, long ms) => replica.Advance(ms + 1);

    private static Replica Queue(QueueSettings? settings = null)
    {
        var replica = new Replica();
        replica.Apply(new QueueConfigure(Name, settings ?? QueueSettings.Default));
        return replica;
    }

    private static NewMessage Message(byte body, byte priority) => new(new[] { body }, priority, 0, null, []);

    private static void Send(Replica replica, params byte[] bodies) =>
        replica.Apply(new QueueEnqueue(Name, [.. bodies.Select(body => Message(body, 0))]));

    private static IReadOnlyList<QueueMessage> Take(Replica replica, int max) =>
        Assert.IsType<QueueResult.Delivered>(replica.Apply(new QueueDequeue(Name, "c", max, null, 0))).Messages;
}
