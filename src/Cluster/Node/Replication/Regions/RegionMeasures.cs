using System.Diagnostics;
using Quorate.Contracts.Regions;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine;

namespace Quorate.Node.Replication.Regions;

/// <summary>What an agent's worker counts and measures. Not thread-safe; what it answers is.</summary>
internal sealed class RegionMeasures
{
    private readonly SortedDictionary<string, RegionMeter> _meters = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _failures = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Origin, long UpTo), long> _arrived = [];
    private readonly Dictionary<string, OriginChanges> _latest = new(StringComparer.Ordinal);

    public void Failed(string code, int count = 1) => _failures[code] = _failures.GetValueOrDefault(code) + count;

    public void Arrived(RegionMessage answer, long nowMs)
    {
        if (answer is PushAnswer { Refusals: var refusals })
        {
            foreach (var refusal in refusals)
            {
                Failed(refusal.Code);
            }
        }

        if (answer is HelloAnswer)
        {
            _arrived.Clear();
        }

        foreach (var origin in answer is PullAnswer pull ? pull.Origins : [])
        {
            _latest[origin.Origin] = origin with { Changes = [] };
            if (origin.Changes.Count > 0)
            {
                _arrived[(origin.Origin, origin.UpTo)] = nowMs;
            }
        }
    }

    public void Applied(Command command, long nowMs)
    {
        foreach (var apply in command is Batch batch ? batch.Commands.OfType<InboxApply>() : command is InboxApply one ? [one] : [])
        {
            if (!_meters.TryGetValue(apply.Origin, out var meter))
            {
                _meters[apply.Origin] = meter = new RegionMeter();
            }

            if (_arrived.Remove((apply.Origin, apply.UpTo), out var arrived))
            {
                meter.Add(apply.Changes, arrived, nowMs);
            }
        }
    }

    public RegionStatus Status(string region, RegionAgent agent, IRegionStore store, long nowMs)
    {
        var positions = store.Peek(state => state.Regions.Settings?.Regions
            .Where(other => other != region).Select(other => new OriginPosition(other, state.Inbox.Get(other).Position)).ToList()) ?? [];
        return new RegionStatus(
            region,
            PhaseNames.Of(agent.Phase),
            agent.Error?.Message,
            agent.Concurrent,
            agent.Pushed,
            new Dictionary<string, long>(_failures, StringComparer.Ordinal),
            [.. positions.Select(position => Of(position, nowMs))]);
    }

    private RegionOriginStatus Of(OriginPosition position, long nowMs)
    {
        var (latest, meter) = (_latest.GetValueOrDefault(position.Origin), _meters.GetValueOrDefault(position.Origin));

        // Of what has come and is not taken in yet the size is not known to the byte; it is a batch at most.
        return new RegionOriginStatus(
            position.Origin,
            position.Number,
            Math.Max(position.Number, latest?.Received ?? 0),
            position.Number >= latest?.Received ? 0 : latest?.RemainingBytes ?? 0,
            meter?.LastChangeAt,
            meter?.Lag,
            meter?.PerSecond(nowMs) ?? 0,
            meter?.PerMinute(nowMs) ?? 0);
    }
}

/// <summary>What an agent does in the words of the contract.</summary>
internal static class PhaseNames
{
    public static string Of(AgentPhase phase) => phase switch
    {
        AgentPhase.Disconnected => RegionPhases.Disconnected,
        AgentPhase.Fetching => RegionPhases.Fetching,
        AgentPhase.Comparing => RegionPhases.Comparing,
        AgentPhase.Applying => RegionPhases.Applying,
        AgentPhase.Pushing => RegionPhases.Pushing,
        AgentPhase.Copying => RegionPhases.Copying,
        AgentPhase.Streaming => RegionPhases.Streaming,
        _ => throw new UnreachableException(phase.ToString()),
    };
}
