using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;

namespace Quorate.Core.Tests.StateMachine.Scenarios;

internal sealed partial class PrimitiveScenario
{
    /// <summary>The newest tokens that owners were given, and the ones before.</summary>
    private readonly Dictionary<(string Lock, string Owner), (long Newest, long Before)> _tokens = [];

    private string? Lock(string[] words) => words[0] switch
    {
        "acquire" => Acquire(words),
        "renew" => ShownFor(words[2], Apply(new LockRenew(words[1], words[2], Token(words[1], words[2]), Ms("ttl")))),
        "release" => ShownFor(words[2], Apply(new LockRelease(words[1], words[2], Token(words[1], words[2])))),
        "force" => ShownFor("", Apply(new LockForceRelease(words[1]))),
        "withdraw" => ShownFor(words[2], Apply(new LockCancelWait(words[1], words[2], State.Locks.Get(words[1])!.WaitOf(words[2])!.Ticket))),
        "holders" => List(State.Locks.Get(words[1])?.Holds.Select(Holder) ?? []),
        "waiting" => List(State.Locks.Get(words[1])?.Waits.Select(wait => wait.Owner) ?? []),
        "history" => List(State.Locks.History(words[1])?.Transitions.ToArray().Select(each => $"{each.Kind}:{each.Owner}") ?? []),
        "deadlocks" => List(State.Locks.Deadlocks().Select(deadlock => $"{deadlock.Victim}:{deadlock.Lock}")),
        _ => null,
    };

    private string Acquire(string[] words)
    {
        var mode = words.Length > 3 ? Enum.Parse<LockMode>(words[3]) : LockMode.Exclusive;
        var session = SessionOption();
        var (ttl, wait) = (Ms("ttl") ?? (session is null ? DefaultTtlMs : null), Ms("wait") ?? 0);
        LockPart[] parts = [.. words[1].Split('+').Select(text => Part(text, mode)).OrderBy(part => part.Name, StringComparer.Ordinal)];
        Command command = parts is [var only]
            ? new LockAcquire(only.Name, words[2], only.Mode, ttl, wait, session, only.Permits, only.Take)
            : new LockAcquireAll(parts, words[2], ttl, wait, session);
        return ShownFor(words[2], Apply(command));
    }

    private static LockPart Part(string text, LockMode mode)
    {
        var (name, permits) = Cut(text, ':');
        return permits is null
            ? new LockPart(name, mode)
            : new LockPart(name, LockMode.Semaphore, (int)Number(Cut(permits, '/').After!), (int)Number(Cut(permits, '/').Before));
    }

    private long Token(string name, string owner)
    {
        var (newest, before) = _tokens.GetValueOrDefault((name, owner));
        return Option("token") == "OLD" ? before : newest;
    }

    private string ShownFor(string owner, CommandResult result)
    {
        switch (result)
        {
            case CommandResult.LockGranted one:
                // A result does not say which lock it is of: it is the one held with the token.
                var name = State.Locks.Range("").First(state => state.Holds.Contains(one.Hold)).Name;
                Note(name, one.Hold);
                return one.Hold.Count > 1 ? $"granted {one.Hold.Count}" : "granted";
            case CommandResult.LocksGranted all:
                foreach (var (each, hold) in all.Holds)
                {
                    Note(each, hold);
                }

                return $"granted {string.Join('+', all.Holds.Select(each => each.Lock))}";
            case CommandResult.LockQueued queued:
                return $"waits at {queued.Position}";
            case CommandResult.LockHeld held:
                return $"held by {List(held.Holders.Select(hold => hold.Owner))}";
            case CommandResult.LocksHeld held:
                return $"held {List(held.Locks.Select(each => $"{each.Lock}:{string.Join(',', each.Holders.Select(hold => hold.Owner))}"))}";
            case CommandResult.LockDeadlock deadlock:
                return $"deadlock {List(deadlock.Cycle.Select(step => $"{step.Owner}-{step.Lock}-{step.HeldBy}"))}";
            case CommandResult.LockReleased released:
                return released.Remaining > 0 ? $"{released.Remaining} left" : "ok";
            case CommandResult.LockRenewed:
                return "ok";
            case CommandResult.LockForceReleased forced:
                return List(forced.Released.Select(hold => hold.Owner));
            case CommandResult.LockWaitCancelled:
                return "withdrawn";
            case CommandResult.SessionUnknown:
                return $"session of {owner} is gone";
            default:
                return result.GetType().Name;
        }
    }

    private void Note(string name, LockHold hold)
    {
        var newest = _tokens.GetValueOrDefault((name, hold.Owner)).Newest;
        if (hold.Count == 1)
        {
            var highest = _tokens.Where(each => each.Key.Lock == name).Select(each => each.Value.Newest).DefaultIfEmpty().Max();
            Assert.True(hold.Mode == LockMode.Shared ? hold.Token >= highest : hold.Token > highest, $"token {hold.Token} of {name} follows {highest}");
        }

        if (hold.Token != newest)
        {
            _tokens[(name, hold.Owner)] = (hold.Token, newest);
        }
    }

    private static string Holder(LockHold hold) =>
        hold.Owner + (hold.Mode == LockMode.Exclusive ? "" : hold.Mode == LockMode.Shared ? "(shared)" : $":{hold.Permits}") + (hold.Count > 1 ? $"*{hold.Count}" : "");
}
