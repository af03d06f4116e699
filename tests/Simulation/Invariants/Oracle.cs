using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Invariants;

/// <summary>Applies every entry once, in order, when it is first committed, and holds the states that all others are compared with.</summary>
internal sealed class Oracle
{
    /// <summary>Distance of the entries at which states are compared: a hash takes longer than everything else.</summary>
    private const long SampleEvery = 16;

    private readonly List<FrozenState> _states = [];
    private readonly Dictionary<long, string> _hashes = [];
    private readonly List<StateEvent> _events = [];
    private readonly LockWatch _locks = new();
    private readonly RetryWatch _retries = new();
    private readonly HashSet<string> _keys = [];

    public QueueWatch Queues { get; } = new();

    public ElectionWatch Elections { get; } = new();

    public TransactionWatch Transactions { get; } = new();

    public EventWatch Events { get; } = new();

    public KeyWatch Keys { get; } = new();

    public ClusterState State { get; } = new();

    /// <summary>Whether the state after <paramref name="after"/> is to be compared, when <paramref name="before"/> was the last one.</summary>
    public static bool IsSample(LogIndex before, LogIndex after) => before.Value / SampleEvery != after.Value / SampleEvery;

    public void Apply(Entry entry)
    {
        _events.Clear();
        var result = State.Apply(entry, _events, out _);
        _states.Add(State.Freeze());
        if (entry.Kind == EntryKind.Command)
        {
            var envelope = CommandCodec.Decode(entry.Data, out _);
            _retries.Applied(envelope, result, _events);
            _locks.Applied(envelope.Command, entry, State, _events);
            var repeated = envelope.IdempotencyKey is { } key && !_keys.Add(key);
            Queues.Applied(envelope.Command, result, State, _events, repeated);
            Elections.Applied(envelope.Command, result, State, _events, repeated);
            Transactions.Applied(result, State);
        }
        else
        {
            _locks.Applied(null, entry, State, _events);
            Queues.Applied(null, null, State, _events, repeated: false);
            Elections.Applied(null, null, State, _events, repeated: false);
        }

        Events.Applied(_events);
        Keys.Applied(_events);
    }

    public void Compare(NodeId node, FrozenState state, LogIndex index)
    {
        if (!_hashes.TryGetValue(index.Value, out var expected))
        {
            _hashes[index.Value] = expected = _states[(int)index.Value - 1].Hash();
        }

        var actual = state.Hash();
        SimulationFailure.Unless(actual == expected, Invariant.EqualStateHash, $"{node} holds another state at entry {index} than the log makes");
    }
}
