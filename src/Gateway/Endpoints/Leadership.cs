using Quorate.Contracts.Cluster;
using Quorate.Contracts.Problems;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

/// <summary>Changes of leader that an operator asks for.</summary>
internal sealed partial class Leadership(ClusterClient cluster, ILogger<Leadership> logger)
{
    /// <summary>Several elections fit into it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Hands leadership over.</summary>
    /// <param name="target">Null lets the leader choose.</param>
    /// <exception cref="NoQuorumException">Nobody leads.</exception>
    public async Task<TransferOutcome> TransferAsync(string? target, string? reason, CancellationToken cancel)
    {
        if (target is not null && cluster.Links.All(link => link.Id.Value != target))
        {
            return new TransferOutcome(new ProblemResult(ErrorCodes.NodeNotFound, $"The cluster has no node '{target}'.") { Field = "target" });
        }

        var (leader, term) = cluster.Leader ?? throw new NoQuorumException(mayHaveHappened: false);
        if (leader.Id.Value == target)
        {
            return new TransferOutcome(new TransferLeadershipResponse(target, term.Value));
        }

        // A transfer holds up writes for as long as it lasts, so it is not begun where it cannot succeed.
        if (target is not null && cluster.Links.First(link => link.Id.Value == target).Status is null)
        {
            return Failed($"Node '{target}' cannot be reached.");
        }

        LogTransfer(logger, leader.Id.Value, target ?? "the voter furthest ahead", reason ?? "none given");
        using var next = new NextLeader(cluster, term);
        if (!await leader.TransferLeadershipAsync(target is null ? NodeId.None : new NodeId(target), cancel))
        {
            return Failed("The leader has no such voter to hand over to, or has just stopped leading.");
        }

        if (await next.WaitAsync(Limit, cancel) is not { } elected)
        {
            return Failed($"No other node took over within {Limit.TotalSeconds:0} seconds; '{leader.Id}' goes on leading.");
        }

        return target is null || elected.Leader == target
            ? new TransferOutcome(elected)
            : Failed($"Node '{elected.Leader}' was elected instead.");
    }

    /// <exception cref="NoQuorumException">No voter can be reached, or none won.</exception>
    public async Task<TransferLeadershipResponse> HoldElectionAsync(string? reason, CancellationToken cancel)
    {
        var candidate = cluster.Links
            .Select(link => (Link: link, link.Status))
            .Where(node => node.Status is { Failure: null, Role: not RaftRole.Leader } status && status.Membership.IsVoter(node.Link.Id))
            .OrderByDescending(node => node.Status!.LastIndex)
            .Select(node => node.Link)
            .FirstOrDefault() ?? throw new NoQuorumException(mayHaveHappened: false);

        LogElection(logger, candidate.Id.Value, reason ?? "none given");
        using var next = new NextLeader(cluster, cluster.Leader?.Term ?? Term.Zero);
        await candidate.CampaignAsync(cancel);
        return await next.WaitAsync(Limit, cancel) ?? throw new NoQuorumException(mayHaveHappened: true);
    }

    private static TransferOutcome Failed(string detail) => new(new ProblemResult(ErrorCodes.TransferFailed, detail));

    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Leadership is handed from {Leader} to {Target}; reason: {Reason}")]
    private static partial void LogTransfer(ILogger logger, string leader, string target, string reason);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Information, Message = "{Candidate} is asked to stand for election; reason: {Reason}")]
    private static partial void LogElection(ILogger logger, string candidate, string reason);

    /// <summary>Sees the first leader of a term after a known one, from the moment of its making on.</summary>
    private sealed class NextLeader : IDisposable
    {
        private readonly TaskCompletionSource<TransferLeadershipResponse> _elected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ClusterClient _cluster;
        private readonly Term _after;

        public NextLeader(ClusterClient cluster, Term after)
        {
            (_cluster, _after) = (cluster, after);
            cluster.Changed += OnChanged;
        }

        public async Task<TransferLeadershipResponse?> WaitAsync(TimeSpan limit, CancellationToken cancel)
        {
            try
            {
                return await _elected.Task.WaitAsync(limit, cancel);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }

        public void Dispose() => _cluster.Changed -= OnChanged;

        private void OnChanged(MirrorChange change)
        {
            foreach (var began in change.Events.OfType<StateEvent.TermBegan>())
            {
                if (began.Record.Term > _after)
                {
                    _elected.TrySetResult(new TransferLeadershipResponse(began.Record.Leader.Value, began.Record.Term.Value));
                }
            }
        }
    }
}

/// <summary>Either the leader, or why leadership was not handed over.</summary>
internal readonly record struct TransferOutcome(TransferLeadershipResponse? Leader, ProblemResult? Problem)
{
    public TransferOutcome(TransferLeadershipResponse leader)
        : this(leader, Problem: null)
    {
    }

    public TransferOutcome(ProblemResult problem)
        : this(Leader: null, problem)
    {
    }
}
