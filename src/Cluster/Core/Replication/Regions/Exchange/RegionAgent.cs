using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>
/// Exchanges a region's changes with the coordinator. It takes inputs and answers what to do; it never awaits, reads no clock and draws no
/// random numbers, so that a simulation can run it.
/// <code>
///   begin a session ─▶ hello ─▶ resume the outbox ─▶ fetch, compare, apply until caught up ─▶ push what waited ─▶ stream both ways
///        ▲                                                     │ overtaken: copy
///        └───────── any failure: a pause that grows ◀──────────┘
/// </code>
/// </summary>
/// <remarks>
/// It may die at any point: what it took from the outbox is in flight there, and the next session learns from the coordinator how much of that
/// arrived. Changes are taken in before its own are pushed, so that conflicts come to light in the region that was away.
/// </remarks>
public sealed partial class RegionAgent(AgentSettings settings)
{
    private const int MostDoublings = 16;

    private readonly Dictionary<long, AgentStep> _open = [];
    private readonly int[] _openOf = new int[(int)AgentStep.Merged + 1];
    private readonly List<AgentAction> _actions = [];
    private AgentSight _sight = new(0, false, null, 0);
    private long _lastId;
    private int _failures;
    private bool _failed;
    private long _retryAt = long.MinValue;
    private bool _connected;
    private long _session;
    private long _settled;
    private long _given;
    private bool _offered;
    private bool _mustCopy;
    private long _lastSign;

    /// <summary>As it calls itself in the outbox.</summary>
    public string Name => settings.Agent;

    /// <summary>Changes handed over, refused ones among them.</summary>
    public long Pushed { get; private set; }

    /// <summary>Changes that came in the present or last reconnect and stood against changes of this region.</summary>
    public long Concurrent { get; private set; }

    /// <summary>Counted up with each failure: what was sent before is of no interest any more.</summary>
    public int Generation { get; private set; }

    /// <summary>What keeps it from the coordinator; null when nothing does.</summary>
    public (string Code, string Message)? Error { get; private set; }

    public AgentPhase Phase =>
        !_connected ? AgentPhase.Disconnected
        : _copying ? AgentPhase.Copying
        : _fetching ? IsOpen(AgentStep.Apply) ? AgentPhase.Applying : IsOpen(AgentStep.Compare) ? AgentPhase.Comparing : AgentPhase.Fetching
        : _hasBacklog ? AgentPhase.Pushing
        : AgentPhase.Streaming;

    /// <summary>What to do now; each is answered once.</summary>
    public IReadOnlyList<AgentAction> TakeActions()
    {
        var actions = _actions.ToArray();
        _actions.Clear();
        return actions;
    }

    /// <summary>Tries now what waits for a pause to end.</summary>
    public void Wake() => _retryAt = long.MinValue;

    /// <summary>Goes on as far as it can. Call it after every input, and now and then.</summary>
    public void Step(AgentSight sight)
    {
        _sight = sight;
        if (sight.Positions is null)
        {
            return;
        }

        if (_failed)
        {
            _failed = false;
            _retryAt = sight.NowMs + Pause(_failures++);
        }

        if (_connected)
        {
            StepPull(sight.Positions);
            StepPush();
            if (sight.NowMs - _lastSign >= settings.LeaseMs / 3 && !IsOpen(AgentStep.Renew))
            {
                Execute(AgentStep.Renew, new OutboxRenew(_session));
            }
        }
        else if (_open.Count == 0 && sight.NowMs >= _retryAt)
        {
            Execute(AgentStep.Begin, new OutboxBegin(settings.Agent, settings.LeaseMs));
        }
    }

    /// <summary>A command was carried out.</summary>
    public void OnResult(long id, CommandResult result)
    {
        if (!Close(id, out var step))
        {
            return;
        }

        switch (step, result)
        {
            case (AgentStep.Begin, ExchangeResult.OutboxStanding standing):
                (_session, _settled, _given) = (standing.Session, standing.Settled, standing.LastNumber);
                (_offered, _mustCopy) = (false, false);
                Send(AgentStep.Hello, new HelloRequest(settings.Region, _session, _settled));
                break;
            case (AgentStep.Offer, ExchangeResult.OutboxStanding):
                Send(AgentStep.Hello, new HelloRequest(settings.Region, _session, _settled));
                break;
            case (AgentStep.Begin, ExchangeResult.AgentElsewhere elsewhere):
                Error = (RefusalCodes.Unavailable, $"The agent of another gateway has the outbox ({elsewhere.Session.Agent}).");
                _retryAt = _sight.NowMs + (settings.LeaseMs / 3);
                break;
            case (AgentStep.Resume, ExchangeResult.OutboxStanding standing):
                Connect(standing.Settled);
                break;
            case (AgentStep.Renew or AgentStep.Ack, ExchangeResult.OutboxStanding standing):
                _settled = Math.Max(_settled, standing.Settled);
                break;
            case (AgentStep.Take, ExchangeResult.OutboxTaken taken):
                OnTaken(taken);
                break;
            case (AgentStep.Apply, _) when WasApplied(result):
                Succeed();
                break;
            case (AgentStep.Merge, ExchangeResult.InboxApplied):
                OnMerged();
                break;
            case (AgentStep.Merged, ExchangeResult.InboxApplied):
                OnCopied();
                break;
            case (_, ExchangeResult.SessionEnded):
                Fail(RefusalCodes.StaleSession, "A later session of this region's outbox has begun.");
                break;
            default:
                Fail(RefusalCodes.Unavailable, $"The cluster answered {step} with {result}.");
                break;
        }
    }

    /// <summary>The coordinator answered.</summary>
    public void OnAnswer(long id, RegionMessage answer)
    {
        if (!Close(id, out var step))
        {
            return;
        }

        switch (step, answer)
        {
            case (AgentStep.Hello, HelloAnswer hello):
                OnHello(hello);
                break;
            case (AgentStep.Push, PushAnswer push):
                OnPushed(push);
                break;
            case (AgentStep.Pull, PullAnswer pull):
                OnPulled(pull);
                break;
            case (AgentStep.Copy, CopyAnswer copy):
                OnCopy(copy);
                break;
            default:
                Fail(RefusalCodes.Malformed, $"The coordinator answered {step} with {answer.GetType().Name}.");
                break;
        }
    }

    /// <summary>An action failed: the coordinator refused or was not reached, or the cluster did not answer.</summary>
    /// <param name="code">One of <see cref="RefusalCodes"/>.</param>
    public void OnFailure(long id, string code, string message)
    {
        if (!Close(id, out var step))
        {
            return;
        }

        if (step == AgentStep.Pull && code == RefusalCodes.CopyRequired)
        {
            (_copying, _cursor, _copied) = (true, null, null);
            return;
        }

        Fail(code, message);
    }

    private void OnHello(HelloAnswer hello)
    {
        _target = hello.Others;
        if (!_offered && HasLost(hello))
        {
            // Before the coordinator's log goes on: it says only once that it has lost something.
            (_offered, _mustCopy) = (true, true);
            Execute(AgentStep.Offer, new OutboxOffer(_session));
            return;
        }

        // Numbers that this region does not remember to have given: it has lost what it wrote itself.
        _mustCopy |= hello.Received > _given;
        Execute(AgentStep.Resume, new OutboxResume(_session, hello.Received, Delayed(hello.Refusals), Jittered(settings.FirstPauseMs)));
    }

    /// <summary>Whether the coordinator lacks something that it had once, as after its cluster was restored from an old copy.</summary>
    private bool HasLost(HelloAnswer hello) => hello.Received < _settled
        || _sight.Positions!.Any(held => held.Number > (hello.Others.FirstOrDefault(other => other.Origin == held.Origin)?.Number ?? 0));

    private void Connect(long settled)
    {
        (_connected, _settled, _lastSign) = (true, settled, _sight.NowMs);
        (_fetching, _hasBacklog, _copying) = (true, true, _mustCopy);
        (_cursor, _copied) = (null, null);
        (_pulled, _asked, _taken) = (null, null, null);
        (Concurrent, _nextTake) = (0, long.MinValue);
    }

    private void Fail(string code, string message)
    {
        Error = (code, message);
        (_connected, _failed) = (false, true);
        Generation++;

        // What comes of it yet is of no interest: the next session asks how things stand.
        _open.Clear();
        Array.Clear(_openOf);
        _actions.Clear();
    }

    /// <summary>Something went through: the next failure is a first one again.</summary>
    private void Succeed() => (_failures, Error) = (0, null);

    private bool IsOpen(AgentStep step) => _openOf[(int)step] > 0;

    private void Execute(AgentStep step, Command command)
    {
        if (command is OutboxAgentCommand)
        {
            _lastSign = _sight.NowMs;
        }

        _actions.Add(new AgentAction.Execute(Open(step), command));
    }

    private void Send(AgentStep step, RegionMessage message) => _actions.Add(new AgentAction.Send(Open(step), message));

    private long Open(AgentStep step)
    {
        _open.Add(++_lastId, step);
        _openOf[(int)step]++;
        return _lastId;
    }

    private bool Close(long id, out AgentStep step)
    {
        if (!_open.Remove(id, out step))
        {
            return false;
        }

        _openOf[(int)step]--;
        return true;
    }

    private RefusedChange[] Delayed(IReadOnlyList<Refusal> refusals) =>
        [.. refusals.Select(refusal => new RefusedChange(refusal, Jittered(settings.FirstPauseMs)))];

    private long Pause(int failures) =>
        Jittered(Math.Min(settings.LongestPauseMs, settings.FirstPauseMs << Math.Min(failures, MostDoublings)));

    /// <summary>Give or take a quarter, so that many do not come back at the same moment.</summary>
    private long Jittered(long ms) => (long)(ms * (0.75 + (_sight.Random / 2)));
}
