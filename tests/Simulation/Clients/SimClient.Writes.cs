using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Sessions;
using Quorate.Simulation.Histories;

namespace Quorate.Simulation.Clients;

/// <summary>How a client makes sure that a write whose answer was lost is not applied twice.</summary>
internal enum Retry
{
    /// <summary>It does not try again.</summary>
    None,

    /// <summary>By an idempotency key.</summary>
    ByKey,

    /// <summary>By its session and a sequence number.</summary>
    InSession,
}

internal sealed partial class SimClient
{
    private const long SessionTtlMs = 4_000;

    private long? _session;
    private long _sequence;
    private int _requests;

    private void Write(string key, KeyOperation operation, Command command, Retry retry)
    {
        if (retry == Retry.InSession && _session is null)
        {
            OpenSession();
            return;
        }

        SessionSequence? number = retry == Retry.InSession ? new SessionSequence(_session!.Value, ++_sequence) : null;
        var idempotencyKey = retry == Retry.ByKey ? $"{_name}-{++_requests}" : null;
        Try(new Attempt(key, operation, command, number, idempotencyKey, _world.History.Call()), retriesLeft: retry == Retry.None ? 0 : MaxRetries, mayHaveHappened: false);
    }

    private void Try(Attempt attempt, int retriesLeft, bool mayHaveHappened) =>
        _gateway.Execute(attempt.Command, attempt.Session, attempt.IdempotencyKey, outcome =>
        {
            if (outcome.Result is CommandResult.SessionUnknown)
            {
                _session = null;
            }

            if (outcome.Result is { } result and not CommandResult.SessionUnknown)
            {
                Settle(attempt, result);
            }
            else
            {
                mayHaveHappened |= outcome.Result is null && outcome.MayHaveHappened;
                if (mayHaveHappened && retriesLeft > 0 && outcome.Result is null)
                {
                    // Impatient clients are the ones that find the mistakes.
                    Try(attempt, retriesLeft - 1, mayHaveHappened);
                    return;
                }

                if (mayHaveHappened)
                {
                    _known.Remove(attempt.Key);
                    _world.Trace.Note(attempt.Called, 0, 4, $"{_name}: {attempt.Key} {attempt.Operation} has no answer");
                    _world.History.Keys.Unanswered(attempt.Key, attempt.Called, attempt.Operation);
                }
            }

            Rest();
        });

    private void Settle(Attempt attempt, CommandResult result)
    {
        var (key, operation) = (attempt.Key, attempt.Operation);
        switch (result)
        {
            case CommandResult.KvWritten written:
                _known[key] = (operation.Value, written.Revision);
                Done(key, attempt.Called, operation with { Succeeded = operation.Action == KeyAction.PutIf ? true : null });
                HasFinished |= _isFinishing;
                break;
            case CommandResult.KvMismatch mismatch:
                Learn(key, mismatch.Current);
                Done(key, attempt.Called, operation with { Succeeded = false, Found = ValueOf(mismatch.Current) });
                break;
            case CommandResult.KvDeleted or CommandResult.KvNotFound:
                _known[key] = (KeyModel.Absent, 0);
                Done(key, attempt.Called, operation with { Succeeded = result is CommandResult.KvDeleted });
                break;
            default:
                throw new InvalidOperationException($"{attempt.Command} was answered {result}");
        }
    }

    private void OpenSession() => _gateway.Execute(new SessionOpen(SessionTtlMs, _name), null, null, outcome =>
    {
        if (outcome.Result is CommandResult.SessionOpened opened)
        {
            _session = opened.Session.Id;
            _sequence = 0;
        }

        Rest();
    });

    private sealed record Attempt(
        string Key, KeyOperation Operation, Command Command, SessionSequence? Session, string? IdempotencyKey, long Called);
}
