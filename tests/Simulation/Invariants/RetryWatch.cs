using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Invariants;

/// <summary>A write that comes again, in a session or under its key, changes nothing and gets the first answer.</summary>
internal sealed class RetryWatch
{
    private readonly Dictionary<object, CommandResult> _answers = [];

    public void Applied(CommandEnvelope envelope, CommandResult result, IReadOnlyList<StateEvent> events)
    {
        object? identity = envelope.Session is { } number ? number : envelope.IdempotencyKey;
        if (identity is null || envelope.Command is not KvPut put)
        {
            return;
        }

        if (!_answers.TryGetValue(identity, out var first))
        {
            if (result is not CommandResult.SessionUnknown)
            {
                _answers[identity] = result;
            }

            return;
        }

        var changed = events.Any(change => change is StateEvent.KvChanged { Key: var key } && key == put.Key);
        SimulationFailure.Unless(
            !changed && (result == first || result is CommandResult.SessionUnknown or CommandResult.SequenceTooOld),
            Invariant.ExactlyOnce,
            $"write {identity} of {put.Key} was answered {first}, and when it came again {result}{(changed ? ", and was applied again" : "")}");
    }
}
