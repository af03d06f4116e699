using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Elections;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Invariants;

/// <summary>A term of an election has one leader, every term's token is greater than every one before, and who is told that it leads does.</summary>
internal sealed class ElectionWatch
{
    private readonly Dictionary<(string Election, long Token), string> _leaders = [];
    private readonly Dictionary<string, long> _newest = [];

    /// <param name="command">Null for an entry that is none.</param>
    public void Applied(Command? command, CommandResult? result, ClusterState state, IReadOnlyList<StateEvent> events, bool repeated)
    {
        foreach (var change in events)
        {
            if (change is StateEvent.ElectionChanged { Name: var name } && state.Elections.Get(name)?.Leader is { } leader)
            {
                Leads(name, leader.Candidate.Name, leader.Token);
            }
        }

        if (command is ElectionCampaign campaign && result is CommandResult.ElectionStanding { Token: { } token } && !repeated)
        {
            Told(campaign.Candidate, campaign.Name, token);
        }
    }

    /// <summary>A candidate was told that it leads.</summary>
    public void Told(string candidate, string election, long token) => SimulationFailure.Unless(
        _leaders.GetValueOrDefault((election, token)) == candidate,
        Invariant.OneLeaderPerTerm,
        $"{candidate} is told that it leads {election} with token {token}, with which {_leaders.GetValueOrDefault((election, token)) ?? "nobody"} leads");

    private void Leads(string election, string candidate, long token)
    {
        if (_leaders.TryAdd((election, token), candidate))
        {
            SimulationFailure.Unless(
                token > _newest.GetValueOrDefault(election),
                Invariant.FencingTokens,
                $"{candidate} leads {election} with token {token} after token {_newest.GetValueOrDefault(election)}");
            _newest[election] = token;
        }

        var first = _leaders[(election, token)];
        SimulationFailure.Unless(
            first == candidate, Invariant.OneLeaderPerTerm, $"{candidate} leads {election} with token {token}, with which {first} led");
    }
}
