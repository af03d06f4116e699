using Microsoft.Extensions.Options;
using Quorate.Contracts.Cluster;
using Quorate.Core.Raft;
using Quorate.Gateway.AllInOne;
using Quorate.Gateway.Live;
using Quorate.Node.Access;
using Quorate.Node.Hosting;

namespace Quorate.Gateway.Hosting;

/// <summary>
/// Puts together what the nodes say of themselves, several times a second, and tells the live feed when the picture changed.
/// </summary>
public sealed class ClusterMonitor(
    ClusterClient cluster, ClusterOptions options, IOptions<GatewayOptions> gateway, IServiceProvider services) : BackgroundService, ITopologySource
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Figures that always change, such as the age of the last contact, are sent this often at the latest.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    /// <summary>Entries a follower may be behind before it counts as lagging.</summary>
    private const long LagLimit = 2000;

    private readonly EmbeddedCluster? _embedded = services.GetService<EmbeddedCluster>();
    private readonly Dictionary<string, NodeStatus> _lastSeen = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private volatile Topology? _current;

    public Topology Current => _current ?? Refreshed();

    public IReadOnlyList<NodeBelief> Beliefs() =>
    [
        .. cluster.Links.OrderBy(link => link.Id).Select(link => Belief(link, link.Status)),
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var feed = services.GetRequiredService<ChangeFeed>();
        var sentAt = DateTimeOffset.MinValue;
        string? sent = null;
        using var timer = new PeriodicTimer(Interval);
        do
        {
            var topology = Refreshed();
            var fingerprint = Fingerprint(topology);
            if (fingerprint != sent || topology.At - sentAt >= Refresh)
            {
                feed.SetTopology(topology);
                (sent, sentAt) = (fingerprint, topology.At);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private Topology Refreshed()
    {
        lock (_gate)
        {
            var statuses = cluster.Links.ToDictionary(link => link.Id, link => link.Status);
            foreach (var (id, status) in statuses)
            {
                if (status is not null)
                {
                    _lastSeen[id.Value] = status;
                }
            }

            return _current = Compose(statuses);
        }
    }

    private Topology Compose(Dictionary<NodeId, NodeStatus?> statuses)
    {
        var leader = statuses.Values.OfType<NodeStatus>()
            .Where(status => status.Role == RaftRole.Leader && status.Failure is null)
            .MaxBy(status => status.Term.Value);
        var membership = (leader ?? statuses.Values.OfType<NodeStatus>().MaxBy(status => status.Term.Value))?.Membership
            ?? Membership.Of(statuses.Keys);
        var nodes = cluster.Links.OrderBy(link => link.Id).Select(link => View(link, statuses[link.Id], leader, membership)).ToArray();
        var healthy = nodes.Where(node => node.Voter && node.Health is NodeHealths.Healthy or NodeHealths.Lagging)
            .Select(node => new NodeId(node.Id)).ToHashSet();
        var hasQuorum = leader is not null && membership.HasQuorum(healthy.Contains);
        var leaderId = hasQuorum ? leader!.Id.Value : null;
        var majority = membership.Voters.Count / 2 + 1;
        var healthyVoters = membership.Voters.Count(healthy.Contains);
        return new Topology(
            DateTimeOffset.UtcNow,
            new EnvironmentBadge(gateway.Value.EnvironmentName, gateway.Value.EnvironmentColor),
            leaderId,
            statuses.Values.Max(status => status?.Term.Value ?? 0),
            leaderId is null ? null : LeaderSince(leader!),
            hasQuorum,
            membership.Voters.Count,
            healthyVoters,
            hasQuorum ? Math.Max(healthyVoters - majority, 0) : 0,
            nodes,
            Links(leader, statuses),
            [.. nodes.GroupBy(node => node.Region).Select(group => new RegionNodes(group.Key, [.. group.Select(node => node.Id)]))],
            [new PartitionView(0, leaderId)],
            gateway.Value.LaboratoryEnabled);
    }

    private DateTimeOffset? LeaderSince(NodeStatus leader) =>
        cluster.Peek(state => state.Terms.Get(leader.Term.Value)) is { } record ? Endpoints.Views.Time(record.From) : null;

    private NodeView View(INodeLink link, NodeStatus? status, NodeStatus? leader, Membership membership)
    {
        var embedded = _embedded?.Find(link.Id.Value);
        var known = status ?? _lastSeen.GetValueOrDefault(link.Id.Value);
        var running = status is { Failure: null };
        var hlc = embedded?.Host?.ReadState(state => state.Time);
        var role = !running
            ? NodeRoles.Offline
            : membership.Learners.Contains(link.Id) ? NodeRoles.Learner : Role(status!.Role);
        return new NodeView(
            link.Id.Value,
            link.Address,
            embedded?.Region ?? options.Region,
            role,
            membership.IsVoter(link.Id),
            Health(status, leader, embedded),
            known?.Term.Value ?? 0,
            known?.CommitIndex.Value ?? 0,
            known?.AppliedIndex.Value ?? 0,
            known?.LastIndex.Value ?? 0,
            known?.SnapshotIndex.Value ?? 0,
            running ? status!.SinceLeader?.TotalMilliseconds : null,
            running && leader is not null ? Math.Max(leader.CommitIndex.Value - status!.AppliedIndex.Value, 0) : null,
            running ? (long)(DateTimeOffset.UtcNow - status!.StartedAt).TotalMilliseconds : null,
            running ? status!.Fsync.P99?.TotalMilliseconds : null,
            embedded?.Host?.ReadState(state => (long)state.Kv.Count),
            hlc is { } shown ? Endpoints.DocumentViews.Text(shown) : null,
            hlc is { } time ? Math.Max(0, time.UnixMs - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()) : null);
    }

    private string Health(NodeStatus? status, NodeStatus? leader, Node.QuorateNode? embedded)
    {
        if (embedded is { IsRunning: false })
        {
            return NodeHealths.Stopped;
        }

        if (status is null or { Failure: not null })
        {
            return NodeHealths.Unreachable;
        }

        var heard = status.Role == RaftRole.Leader
            ? status.Term == leader?.Term
            : leader is not null && status.Leader == leader.Id && status.SinceLeader?.TotalMilliseconds < options.ElectionMaxMs;
        if (embedded is { IsIsolated: true } || !heard)
        {
            return NodeHealths.Isolated;
        }

        return leader!.CommitIndex - status.AppliedIndex > LagLimit ? NodeHealths.Lagging : NodeHealths.Healthy;
    }

    private static string Role(RaftRole role) => role switch
    {
        RaftRole.Leader => NodeRoles.Leader,
        RaftRole.Candidate or RaftRole.PreCandidate => NodeRoles.Candidate,
        _ => NodeRoles.Follower,
    };

    private List<LinkView> Links(NodeStatus? leader, Dictionary<NodeId, NodeStatus?> statuses)
    {
        var links = new List<LinkView>();
        foreach (var from in statuses.Keys.Order())
        {
            foreach (var to in statuses.Keys.Order())
            {
                if (from != to)
                {
                    links.Add(new LinkView(from.Value, to.Value, LinkState(from, to, leader, statuses), RoundTripMs(from, to, leader)));
                }
            }
        }

        return links;
    }

    private static double? RoundTripMs(NodeId from, NodeId to, NodeStatus? leader) => from != leader?.Id
        ? null
        : leader.RoundTrips.Where(trip => trip.Peer == to).Select(trip => (double?)trip.RoundTrip.TotalMilliseconds).FirstOrDefault();

    private string LinkState(NodeId from, NodeId to, NodeStatus? leader, Dictionary<NodeId, NodeStatus?> statuses)
    {
        if (_embedded?.Find(from.Value) is { } sender && _embedded.Find(to.Value) is { } receiver)
        {
            if (sender.IsIsolated || receiver.IsIsolated)
            {
                return LinkStates.Cut;
            }

            var connected = sender.Links.Any(link => link.Peer == to && link.ConnectedSince is not null);
            return connected && receiver.IsRunning ? LinkStates.Up : LinkStates.Down;
        }

        // Of nodes elsewhere only the leader's conversations are known.
        var other = from == leader?.Id ? to : from;
        var answered = leader?.Members.Any(member => member.Id == other && member.RecentlyActive) ?? false;
        return answered || (statuses[from] is not null && statuses[to] is not null) ? LinkStates.Up : LinkStates.Down;
    }

    private NodeBelief Belief(INodeLink link, NodeStatus? status)
    {
        var known = status ?? _lastSeen.GetValueOrDefault(link.Id.Value);
        var leader = known is null || known.Leader.IsNone ? null : known.Leader.Value;
        return new NodeBelief(
            link.Id.Value,
            status is not null,
            known is null ? NodeRoles.Offline : Role(known.Role),
            leader,
            known?.Term.Value ?? 0,
            known is null || known.VotedFor.IsNone ? null : known.VotedFor.Value,
            known?.CommitIndex.Value ?? 0,
            known?.AppliedIndex.Value ?? 0,
            known?.LastIndex.Value ?? 0,
            [.. known?.Membership.Voters.Select(node => node.Value) ?? []],
            [.. known?.Membership.Learners.Select(node => node.Value) ?? []]);
    }

    // What an operator would call a change; ages and percentiles are not.
    private static string Fingerprint(Topology topology) => string.Join('|',
        topology.Leader,
        topology.Term,
        topology.HasQuorum,
        topology.HealthyVoters,
        string.Join(',', topology.Nodes.Select(node => $"{node.Id}:{node.Role}:{node.Health}:{node.CommitIndex}:{node.AppliedIndex}")),
        string.Join(',', topology.Links.Select(link => link.State)));
}
