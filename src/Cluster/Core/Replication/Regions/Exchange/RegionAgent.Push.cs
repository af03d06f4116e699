namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>From the outbox to the coordinator: while one batch is under way the next is taken and the last is acknowledged.</summary>
public sealed partial class RegionAgent
{
    /// <summary>After a batch of none: what is due here may not be due yet by the cluster's time.</summary>
    private const long TakePauseMs = 50;

    private IReadOnlyList<ChangeEvent>? _taken;
    private int _pushing;
    private long _nextTake;

    // Whether something of what waited at the connect may be left.
    private bool _hasBacklog;

    private void StepPush()
    {
        if (_fetching || _copying)
        {
            return;
        }

        if (!IsOpen(AgentStep.Take) && _taken is null && _sight.HasWaiting && _sight.NowMs >= _nextTake)
        {
            Execute(AgentStep.Take, new OutboxTake(_session, settings.MaxChanges, settings.MaxBytes));
        }

        if (_taken is { } changes && !IsOpen(AgentStep.Push))
        {
            (_taken, _pushing) = (null, changes.Count);
            Send(AgentStep.Push, new PushRequest(settings.Region, _session, _settled, changes));
        }

        _hasBacklog &= _sight.HasWaiting || IsOpen(AgentStep.Take) || IsOpen(AgentStep.Push) || _taken is not null;
    }

    private void OnTaken(ExchangeResult.OutboxTaken taken)
    {
        if (taken.Changes.Count == 0)
        {
            (_nextTake, _hasBacklog) = (_sight.NowMs + TakePauseMs, false);
            return;
        }

        _taken = taken.Changes;
    }

    private void OnPushed(PushAnswer push)
    {
        Succeed();
        Pushed += _pushing;
        Execute(AgentStep.Ack, new OutboxAck(_session, push.Received, Delayed(push.Refusals)));
    }
}
