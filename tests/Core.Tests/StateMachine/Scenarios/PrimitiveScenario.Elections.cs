using System.Text;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Elections;

namespace Quorate.Core.Tests.StateMachine.Scenarios;

internal sealed partial class PrimitiveScenario
{
    private readonly Dictionary<(string Election, string Candidate), long> _terms = [];

    private string? Election(string[] words) => words[0] switch
    {
        "campaign" => Campaign(words[1], words[2]),
        "lead" => Standing(words, Apply(new ElectionRenew(words[1], words[2], _terms.GetValueOrDefault((words[1], words[2]))))),
        "proclaim" => Standing(words, Apply(new ElectionProclaim(
            words[1], words[2], _terms.GetValueOrDefault((words[1], words[2])), Encoding.UTF8.GetBytes(words[3])))),
        "resign" => Standing(words, Apply(new ElectionResign(words[1], words[2], null))),
        "leader" => State.Elections.Get(words[1])?.Leader is { } leader ? List([leader.Candidate.Name, Encoding.UTF8.GetString(leader.Candidate.Value.Span)]).Trim() : "none",
        "candidates" => List(State.Elections.Get(words[1])?.Waiting.Select(each => each.Name) ?? []),
        "terms" => List(State.Elections.Get(words[1])?.Past.Select(term => $"{term.Leader}:{term.Cause}") ?? []),
        _ => null,
    };

    private string Campaign(string election, string candidate)
    {
        var session = SessionOption();
        var ttl = Ms("ttl") ?? (session is null ? DefaultTtlMs : null);
        return Standing(["", election, candidate], Apply(new ElectionCampaign(election, candidate, Encoding.UTF8.GetBytes(Option("value") ?? ""), ttl, session)));
    }

    private string Standing(string[] words, CommandResult result)
    {
        foreach (var state in State.Elections.Range(""))
        {
            if (state.Leader is { } leader)
            {
                _terms[(state.Name, leader.Candidate.Name)] = leader.Token;
            }
        }

        return result switch
        {
            CommandResult.ElectionStanding { Position: 0 } => "leads",
            CommandResult.ElectionStanding standing => $"waits at {standing.Position}",
            CommandResult.ElectionResigned => "ok",
            CommandResult.SessionUnknown => $"session of {words[2]} is gone",
            _ => result.GetType().Name,
        };
    }
}
