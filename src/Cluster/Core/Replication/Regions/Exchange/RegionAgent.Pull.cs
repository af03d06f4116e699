using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>From the coordinator into this region: while one batch is taken in the next is asked for.</summary>
public sealed partial class RegionAgent
{
    // Until what the others did meanwhile is taken in.
    private bool _fetching;
    private IReadOnlyList<OriginPosition> _target = [];

    // What comes next is asked for after these; null: after what is taken in.
    private IReadOnlyList<OriginPosition>? _asked;
    private IReadOnlyList<OriginChanges>? _pulled;
    private bool _wasEmpty;

    private bool _copying;
    private string? _cursor;
    private string? _next;
    private IReadOnlyList<OriginPosition>? _copied;

    private void StepPull(IReadOnlyList<OriginPosition> held)
    {
        if (_copying)
        {
            StepCopy();
            return;
        }

        if (_pulled is { } changes && !IsOpen(AgentStep.Apply) && !IsOpen(AgentStep.Compare))
        {
            if (_fetching)
            {
                _actions.Add(new AgentAction.Compare(Open(AgentStep.Compare), changes));
            }
            else
            {
                Apply(changes);
            }
        }

        var idle = _pulled is null && !IsOpen(AgentStep.Apply) && !IsOpen(AgentStep.Pull);
        if (_fetching && idle && (_wasEmpty || Reaches(held, _target)))
        {
            (_fetching, _target) = (false, []);
        }

        // Nothing more came: what is being taken in decides how it goes on.
        if (_pulled is null && !IsOpen(AgentStep.Pull) && !(_fetching && _wasEmpty))
        {
            _wasEmpty = false;
            Send(AgentStep.Pull, new PullRequest(
                settings.Region, held, _asked ?? held, settings.MaxChanges, settings.MaxBytes, _fetching ? 0 : settings.PullWaitMs));
        }
    }

    /// <summary>It was counted which of the changes that came stand against changes of this region.</summary>
    public void OnCompared(long id, int concurrent)
    {
        if (Close(id, out _) && _pulled is { } changes)
        {
            Concurrent += concurrent;
            Apply(changes);
        }
    }

    private void OnPulled(PullAnswer pull)
    {
        Succeed();
        if (pull.IsEmpty)
        {
            _wasEmpty = true;
            return;
        }

        _pulled = [.. pull.Origins.Where(origin => origin.UpTo > origin.After)];
        _asked = [.. pull.Origins.Select(origin => new OriginPosition(origin.Origin, origin.UpTo))];
    }

    private void Apply(IReadOnlyList<OriginChanges> changes)
    {
        _pulled = null;
        var commands = changes.Select(origin => new InboxApply(origin.Origin, origin.After, origin.UpTo, origin.Changes)).ToArray<Command>();
        Execute(AgentStep.Apply, commands is [var only] ? only : new Batch(commands));
    }

    private static bool WasApplied(CommandResult result) => result switch
    {
        ExchangeResult.InboxApplied => true,
        CommandResult.Batched batched => batched.Results.All(WasApplied),
        _ => false,
    };

    private void StepCopy()
    {
        if (!IsOpen(AgentStep.Copy) && !IsOpen(AgentStep.Merge) && !IsOpen(AgentStep.Merged) && !IsOpen(AgentStep.Apply) && !IsOpen(AgentStep.Compare))
        {
            Send(AgentStep.Copy, new CopyRequest(settings.Region, _cursor, settings.MaxChanges, settings.MaxBytes));
        }
    }

    private void OnCopy(CopyAnswer copy)
    {
        // What changed after a part was read comes after the positions of the first.
        _copied ??= copy.Positions;
        _next = copy.Next;
        Execute(AgentStep.Merge, new InboxMerge(copy.Changes));
    }

    private void OnMerged()
    {
        Succeed();
        _cursor = _next;
        if (_next is null)
        {
            Execute(AgentStep.Merged, new InboxMerged(_copied!));
        }
    }

    private void OnCopied() => (_copying, _asked, _pulled) = (false, null, null);

    private static bool Reaches(IReadOnlyList<OriginPosition> held, IReadOnlyList<OriginPosition> target) =>
        target.All(wanted => held.Any(position => position.Origin == wanted.Origin && position.Number >= wanted.Number));
}
