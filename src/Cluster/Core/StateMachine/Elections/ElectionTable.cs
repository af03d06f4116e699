using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Elections;

/// <summary>
/// Named elections among the clients of the cluster: one leads, the others wait in the order in which they came. Candidacies are bound
/// by a TTL or a session; each term has a fencing token.
/// </summary>
public sealed partial class ElectionTable
{
    /// <summary>Candidates of one election, the leader included.</summary>
    public const int MaxCandidates = 1024;

    /// <summary>Past terms remembered of one election.</summary>
    public const int KeptTerms = 100;

    /// <summary>Elections that nobody stands in and that are remembered for their past terms; beyond it, the one idle longest is forgotten.</summary>
    public const int KeptIdle = 1000;

    private readonly CowTree<string, ElectionState> _elections = new(StringComparer.Ordinal);

    public int Count => _elections.Count;

    public ElectionState? Get(string name) => _elections.TryGet(name, out var state) ? state : null;

    /// <summary>Elections by name with a prefix, from <paramref name="from"/> (excluded) on. The table must not change meanwhile.</summary>
    public IEnumerable<ElectionState> Range(string prefix, string? from = null)
    {
        var start = from is not null && string.CompareOrdinal(from, prefix) > 0 ? from : prefix;
        return _elections.From(start)
            .TakeWhile(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Where(pair => pair.Key != from)
            .Select(pair => pair.Value);
    }

    /// <summary>Where a candidate stands; null when it does not.</summary>
    public CommandResult.ElectionStanding? Standing(string name, string candidate) =>
        Get(name) is { } state && state.Candidates.Any(each => each.Name == candidate) ? Standing(state, candidate) : null;

    internal CowTree<string, ElectionState>.Frozen Freeze() => _elections.Freeze();

    internal CommandResult Apply(ElectionCampaign campaign, in ApplyContext context)
    {
        var state = Get(campaign.Name) ?? ElectionState.New(campaign.Name);
        var since = state.Candidates.FirstOrDefault(each => each.Name == campaign.Candidate)?.Since;
        var candidate = new Candidate(
            campaign.Candidate, campaign.Value, since ?? context.Time, Due(campaign.TtlMs, context), campaign.TtlMs, campaign.Session);
        if (state.Leader is { } leader && leader.Candidate.Name == campaign.Candidate)
        {
            state = state with { Leader = leader with { Candidate = candidate } };
        }
        else if (since is not null)
        {
            state = state with { Waiting = [.. state.Waiting.Select(each => each.Name == candidate.Name ? candidate : each)] };
        }
        else if (state.Leader is null)
        {
            state = Elect(state, candidate, context);
        }
        else if (state.Waiting.Count + 1 >= MaxCandidates)
        {
            return new CommandResult.ElectionFull(MaxCandidates);
        }
        else
        {
            state = state with { Waiting = [.. state.Waiting, candidate] };
        }

        Store(state, context);
        return Standing(state, campaign.Candidate);
    }

    internal CommandResult Apply(ElectionRenew renew, in ApplyContext context)
    {
        if (LedBy(renew.Name, renew.Candidate, renew.Token) is not { } state)
        {
            return new CommandResult.ElectionLost(Get(renew.Name)?.Leader?.Token);
        }

        var leader = state.Leader!;
        var renewed = state with { Leader = leader with { Candidate = leader.Candidate with { ExpiresAt = Due(leader.Candidate.TtlMs, context) } } };
        Store(renewed, context);
        return Standing(renewed, renew.Candidate);
    }

    internal CommandResult Apply(ElectionProclaim proclaim, in ApplyContext context)
    {
        if (Refusal(proclaim) is { } refusal)
        {
            return refusal;
        }

        var state = Get(proclaim.Name)!;
        var leader = state.Leader!;
        var proclaimed = state with { Leader = leader with { Candidate = leader.Candidate with { Value = proclaim.Value } } };
        Store(proclaimed, context);
        return Standing(proclaimed, proclaim.Candidate);
    }

    internal CommandResult Apply(ElectionResign resign, in ApplyContext context)
    {
        if (Refusal(resign) is { } refusal)
        {
            return refusal;
        }

        var state = Get(resign.Name)!;
        var led = state.Leader?.Candidate.Name == resign.Candidate;
        Store(Without(state, resign.Candidate, TermEnd.Resigned, context), context);
        return new CommandResult.ElectionResigned(led);
    }

    /// <summary>What the command would be refused with; null when nothing stands in its way.</summary>
    internal CommandResult? Refusal(ElectionProclaim proclaim) =>
        LedBy(proclaim.Name, proclaim.Candidate, proclaim.Token) is null ? new CommandResult.ElectionLost(Get(proclaim.Name)?.Leader?.Token) : null;

    /// <summary>What the command would be refused with; null when nothing stands in its way.</summary>
    internal CommandResult? Refusal(ElectionResign resign)
    {
        if (resign.Token is { } token)
        {
            return LedBy(resign.Name, resign.Candidate, token) is null ? new CommandResult.ElectionLost(Get(resign.Name)?.Leader?.Token) : null;
        }

        return Get(resign.Name)?.Candidates.Any(each => each.Name == resign.Candidate) == true ? null : new CommandResult.CandidateNotFound();
    }

    private ElectionState? LedBy(string name, string candidate, long token) =>
        Get(name) is { Leader: { } leader } state && leader.Candidate.Name == candidate && leader.Token == token ? state : null;

    /// <summary>Where a candidate stands after a command of its own.</summary>
    private static CommandResult.ElectionStanding Standing(ElectionState state, string name)
    {
        var position = 0;
        foreach (var candidate in state.Candidates)
        {
            if (candidate.Name == name)
            {
                break;
            }

            position++;
        }

        var leads = state.Leader!.Candidate.Name == name;
        return new CommandResult.ElectionStanding(
            leads ? 0 : position, leads ? state.Leader.Token : null, state.Candidates.ElementAt(position).ExpiresAt, state.Leader.Candidate.Name);
    }

    /// <summary>Takes a candidate out; when it led, the next in the queue whose time is not over leads.</summary>
    private static ElectionState Without(ElectionState state, string name, TermEnd cause, in ApplyContext context)
    {
        if (state.Leader is not { } leader || leader.Candidate.Name != name)
        {
            return state with { Waiting = [.. state.Waiting.Where(each => each.Name != name)] };
        }

        var term = new PastTerm(leader.Token, name, leader.Candidate.Value, leader.From, context.Time, cause, context.Reason);
        var past = state.Past.Count < KeptTerms ? state.Past.Append(term) : state.Past.Skip(1).Append(term);
        var now = context.Time;
        var waiting = state.Waiting.Where(each => each.ExpiresAt is not { } due || due > now).ToArray();
        var vacant = state with { Leader = null, Past = [.. past], Waiting = waiting };
        context.Events.Add(new StateEvent.ElectionTermEnded(state.Name, term, waiting.FirstOrDefault()?.Name));
        return waiting is [var next, .. var rest] ? Elect(vacant with { Waiting = rest }, next, context) : vacant;
    }

    private static ElectionState Elect(ElectionState state, Candidate candidate, in ApplyContext context)
    {
        // Two terms may begin in one entry, when a term and the next one's session end together: the token still grows.
        var token = Math.Max(context.Index, state.NewestToken + 1);
        var fresh = candidate with { ExpiresAt = Due(candidate.TtlMs, context) };
        return state with { Leader = new Incumbent(fresh, token, context.Time), NewestToken = token };
    }

    private static Clocks.HlcTimestamp? Due(long? ttlMs, in ApplyContext context) => ttlMs is { } ttl ? context.Time.AddMs(ttl) : null;
}
