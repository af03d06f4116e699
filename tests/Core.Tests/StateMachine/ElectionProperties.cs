using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Sessions;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>At most one leads, in turn, with growing tokens, and everything that ended is on record.</summary>
public sealed class ElectionProperties
{
    [Fact]
    public void Election_AnyWorkload_HasOneLeaderAtATimeWithGrowingTokens() =>
        Properties.Hold(Scripts.Elections, script =>
        {
            var replica = new Replica();
            var newest = new Dictionary<string, long>();
            var ended = new Dictionary<string, int>();
            foreach (var step in script)
            {
                var before = replica.State.Elections.Range("").ToDictionary(election => election.Name);
                Scripts.Play(replica, step);
                foreach (var end in replica.Events.OfType<StateEvent.ElectionTermEnded>())
                {
                    ended[end.Name] = ended.GetValueOrDefault(end.Name) + 1;
                }

                foreach (var election in replica.State.Elections.Range(""))
                {
                    var names = election.Candidates.Select(candidate => candidate.Name).ToList();
                    Assert.Equal(names.Count, names.Distinct().Count());
                    Assert.True(election.Leader is not null || election.Waiting.Count == 0, "somebody waits while nobody leads");
                    Assert.Equal(Math.Min(ended.GetValueOrDefault(election.Name), ElectionTable.KeptTerms), election.Past.Count);

                    var tokens = election.Past.Select(term => term.Token).Concat(election.Leader is { } leader ? [leader.Token] : []).ToList();
                    Assert.Equal(tokens.Distinct().Order(), tokens);
                    Assert.True(tokens.Count == 0 || tokens[^1] >= newest.GetValueOrDefault(election.Name));
                    newest[election.Name] = tokens.LastOrDefault();
                    Assert.All(election.Candidates, candidate => Assert.True(
                        (candidate.ExpiresAt is null || candidate.ExpiresAt > replica.State.Time)
                        && (candidate.Session is not { } id || replica.State.Sessions.Get(id) is not null)));

                    // Whoever waited before and waits now stands in the same order as before.
                    var waited = before.GetValueOrDefault(election.Name)?.Waiting.Select(candidate => candidate.Name).ToList() ?? [];
                    var waits = election.Waiting.Select(candidate => candidate.Name).ToList();
                    if (replica.Events.OfType<StateEvent.ElectionChanged>().Count(change => change.Name == election.Name) <= 1)
                    {
                        Assert.Equal(waited.Where(waits.Contains), waits.Where(waited.Contains));
                    }
                }
            }
        }, times: 150);

    [Fact]
    public void Resign_Leader_HandsOverToWhoeverWaitedLongest()
    {
        var replica = new Replica();
        var first = Campaign(replica, "ada");
        Campaign(replica, "bo");
        Campaign(replica, "cleo");

        Assert.Equal(new CommandResult.ElectionResigned(true), replica.Apply(new ElectionResign("e", "ada", first.Token), reason: "enough"));

        var election = replica.State.Elections.Get("e")!;
        Assert.Equal("bo", election.Leader!.Candidate.Name);
        Assert.True(election.Leader.Token > first.Token);
        Assert.Equal(["cleo"], election.Waiting.Select(each => each.Name));
        var term = Assert.Single(election.Past);
        Assert.Equal(("ada", TermEnd.Resigned, "enough", first.Token), (term.Leader, term.Cause, term.Reason, term.Token));
    }

    [Fact]
    public void Expiry_LeaderThatDoesNotRenew_IsFollowedByTheNextWhoseTimeIsNotOver()
    {
        var replica = new Replica();
        Campaign(replica, "ada", ttl: 10);
        Campaign(replica, "bo", ttl: 10);
        Campaign(replica, "cleo", ttl: 50);
        replica.Advance(20);
        replica.Clock();

        var election = replica.State.Elections.Get("e")!;
        Assert.Equal("cleo", election.Leader!.Candidate.Name);
        Assert.Empty(election.Waiting);
        Assert.Equal(TermEnd.Expired, Assert.Single(election.Past).Cause);
    }

    [Fact]
    public void Renew_WithTheTokenOfTheTerm_KeepsTheLeader()
    {
        var replica = new Replica();
        var standing = Campaign(replica, "ada", ttl: 10);
        for (var i = 0; i < 5; i++)
        {
            replica.Advance(9);
            Assert.IsType<CommandResult.ElectionStanding>(replica.Apply(new ElectionRenew("e", "ada", standing.Token!.Value)));
        }

        replica.Advance(10);
        Assert.Equal(new CommandResult.ElectionLost(null), replica.Apply(new ElectionRenew("e", "ada", standing.Token!.Value)));
    }

    [Fact]
    public void Session_Closed_EndsItsCandidacies()
    {
        var replica = new Replica();
        var session = ((CommandResult.SessionOpened)replica.Apply(new SessionOpen(1000, null))).Session.Id;
        replica.Apply(new ElectionCampaign("e", "ada", default, null, session));
        replica.Apply(new ElectionCampaign("f", "bo", default, 1000, null));
        replica.Apply(new ElectionCampaign("f", "ada", default, null, session));

        replica.Apply(new SessionClose(session));

        Assert.Null(replica.State.Elections.Get("e")!.Leader);
        Assert.Equal(TermEnd.SessionEnded, replica.State.Elections.Get("e")!.Past[0].Cause);
        Assert.Empty(replica.State.Elections.Get("f")!.Waiting);
        Assert.Equal(new CommandResult.SessionUnknown(session), replica.Apply(new ElectionCampaign("e", "ada", default, null, session)));
    }

    [Fact]
    public void Proclaim_WithAStaleToken_IsRefused()
    {
        var replica = new Replica();
        var standing = Campaign(replica, "ada");

        Assert.Equal(new CommandResult.ElectionLost(standing.Token), replica.Apply(new ElectionProclaim("e", "ada", standing.Token!.Value - 1, new byte[] { 7 })));
        replica.Apply(new ElectionProclaim("e", "ada", standing.Token.Value, new byte[] { 8 }));

        Assert.Equal(new byte[] { 8 }, replica.State.Elections.Get("e")!.Leader!.Candidate.Value.ToArray());
    }

    [Fact]
    public void Idle_MoreThanAreKept_ForgetsTheOneIdleLongest()
    {
        var replica = new Replica();
        for (var i = 0; i <= ElectionTable.KeptIdle; i++)
        {
            replica.Apply(new ElectionCampaign($"e{i}", "ada", default, 1000, null));
            replica.Apply(new ElectionResign($"e{i}", "ada", null));
        }

        Assert.Equal(ElectionTable.KeptIdle, replica.State.Elections.Count);
        Assert.Null(replica.State.Elections.Get("e0"));
        Assert.NotNull(replica.State.Elections.Get("e1"));
    }

    private static CommandResult.ElectionStanding Campaign(Replica replica, string candidate, long ttl = 1000) =>
        Assert.IsType<CommandResult.ElectionStanding>(replica.Apply(new ElectionCampaign("e", candidate, default, ttl, null)));
}
