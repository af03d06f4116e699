namespace Quorate.Core.StateMachine.Queues;

/// <summary>A command about one queue.</summary>
public abstract record QueueCommand(string Name) : Command;

/// <summary>Creates a queue, or changes how it behaves from now on.</summary>
public sealed record QueueConfigure(string Name, QueueSettings Settings) : QueueCommand(Name);

/// <summary>Deletes a queue with everything in it.</summary>
public sealed record QueueDelete(string Name) : QueueCommand(Name);

/// <summary>Adds messages, all of them or, when a full queue rejects, none.</summary>
public sealed record QueueEnqueue(string Name, IReadOnlyList<NewMessage> Messages) : QueueCommand(Name);

/// <summary>Takes messages: the highest priority first, first in first out within one.</summary>
/// <param name="Max">Most messages wanted. Fewer come when their bodies are large (<see cref="MessageQueue.MaxDeliveredBytes"/>).</param>
/// <param name="VisibilityMs">How long they are invisible to others; null: as the queue is configured.</param>
/// <param name="WaitMs">How long to wait for the first message; 0: not at all. Within a batch nobody waits.</param>
public sealed record QueueDequeue(string Name, string Consumer, int Max, long? VisibilityMs, long WaitMs) : QueueCommand(Name);

/// <summary>Withdraws a waiting request, because its caller went away.</summary>
public sealed record QueueCancelWait(string Name, long Ticket) : QueueCommand(Name);

/// <summary>Says that messages are done with; they are gone.</summary>
public sealed record QueueAck(string Name, IReadOnlyList<Receipt> Receipts) : QueueCommand(Name);

/// <summary>Gives messages back.</summary>
/// <param name="DelayMs">0: to their old places at once; else they come back at the end after this long.</param>
public sealed record QueueNack(string Name, IReadOnlyList<Receipt> Receipts, long DelayMs) : QueueCommand(Name);

/// <param name="VisibilityMs">The new timeout from now; null: as the queue is configured.</param>
public sealed record QueueExtend(string Name, IReadOnlyList<Receipt> Receipts, long? VisibilityMs) : QueueCommand(Name);

/// <summary>Removes messages for good: the next to be delivered, or the oldest, first.</summary>
/// <param name="Max">At most <see cref="MessageQueue.MaxMoved"/>; null: all, however many.</param>
public sealed record QueuePurge(string Name, MessageState State, int? Max) : QueueCommand(Name);

/// <summary>Makes dead messages ready again, with no deliveries counted, at the end of their priorities.</summary>
/// <param name="Ids">Which; null: the oldest.</param>
/// <param name="Max">At most, and never more than <see cref="MessageQueue.MaxMoved"/> in one command.</param>
public sealed record QueueRedrive(string Name, IReadOnlyList<long>? Ids, int? Max) : QueueCommand(Name);

/// <summary>Makes delayed or in-flight messages ready now. A consumer that has one loses it: its receipt is void.</summary>
/// <param name="From"><see cref="MessageState.Delayed"/> or <see cref="MessageState.InFlight"/>.</param>
/// <param name="Ids">Which; null: the oldest.</param>
/// <param name="Max">As in <see cref="QueueRedrive"/>.</param>
public sealed record QueueRequeue(string Name, MessageState From, IReadOnlyList<long>? Ids, int? Max) : QueueCommand(Name);
