namespace Quorate.Simulation.Checking;

/// <summary>The calls and returns of a history in order of time, as a list from which an operation can be lifted and put back.</summary>
internal sealed class EventList<TOperation>
{
    // Before the first event, so that lifting needs no special case.
    private readonly EventNode<TOperation> _head = new(-1, default!, isCall: false);

    public EventList(IReadOnlyList<Timed<TOperation>> history)
    {
        var events = new List<(long At, EventNode<TOperation> Node)>(2 * history.Count);
        for (var id = 0; id < history.Count; id++)
        {
            var operation = history[id];
            var call = new EventNode<TOperation>(id, operation.Operation, isCall: true);
            events.Add((operation.Called, call));
            if (!operation.IsPending)
            {
                call.Match = new EventNode<TOperation>(id, operation.Operation, isCall: false);
                events.Add((operation.Returned, call.Match));
            }
        }

        var last = _head;
        foreach (var (_, node) in events.OrderBy(pair => pair.At))
        {
            last.Next = node;
            node.Previous = last;
            last = node;
        }
    }

    public EventNode<TOperation>? First => _head.Next;

    /// <summary>Takes a call and its return out of the list.</summary>
    public static void Lift(EventNode<TOperation> call)
    {
        Remove(call);
        if (call.Match is { } answer)
        {
            Remove(answer);
        }
    }

    /// <summary>Undoes the last <see cref="Lift"/> that has not been undone.</summary>
    public static void Unlift(EventNode<TOperation> call)
    {
        if (call.Match is { } answer)
        {
            Insert(answer);
        }

        Insert(call);
    }

    private static void Remove(EventNode<TOperation> node)
    {
        node.Previous!.Next = node.Next;
        if (node.Next is { } next)
        {
            next.Previous = node.Previous;
        }
    }

    private static void Insert(EventNode<TOperation> node)
    {
        node.Previous!.Next = node;
        if (node.Next is { } next)
        {
            next.Previous = node;
        }
    }
}

/// <summary>A call or a return.</summary>
/// <param name="id">The operation's number in the history.</param>
internal sealed class EventNode<TOperation>(int id, TOperation operation, bool isCall)
{
    public int Id { get; } = id;

    public TOperation Operation { get; } = operation;

    public bool IsCall { get; } = isCall;

    /// <summary>Of a call: its return; null when there is none.</summary>
    public EventNode<TOperation>? Match { get; set; }

    public EventNode<TOperation>? Previous { get; set; }

    public EventNode<TOperation>? Next { get; set; }
}
