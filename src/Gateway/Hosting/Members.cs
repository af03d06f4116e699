using Microsoft.Extensions.Options;
using Quorate.Contracts.Cluster;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Nodes;
using Quorate.Gateway.AllInOne;
using Quorate.Node.Access;

namespace Quorate.Gateway.Hosting;

/// <summary>
/// Changes of membership. What is wanted goes into the replicated state; the leader makes it so (<c>MembershipKeeper</c>), whoever that
/// is by then. In all-in-one mode this also starts and stops the nodes.
/// </summary>
public sealed class Members(ClusterClient cluster, ITopologySource topology, IServiceProvider services, TimeProvider time)
{
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly EmbeddedCluster? _embedded = services.GetService<EmbeddedCluster>();

    public bool RunsNodesHere => _embedded is not null;

    /// <summary>The members and those that are to become or stop being ones, by id.</summary>
    public IReadOnlyList<MemberView> List()
    {
        var membership = Membership();
        var wanted = cluster.Peek(state => state.Nodes.All().ToDictionary(node => node.Id, StringComparer.Ordinal));
        var ids = membership.All().Select(node => node.Value).Union(wanted.Values.Where(node => !node.Retired).Select(node => node.Id));
        return [.. ids.Order(StringComparer.Ordinal).Select(id => View(id, membership, wanted.GetValueOrDefault(id)))];
    }

    public bool IsMember(string id) => Membership().Contains(new NodeId(id));

    /// <summary>Whether a node that left had this id.</summary>
    public bool IsRetired(string id) => cluster.Peek(state => state.Nodes.Get(id) is { Retired: true });

    /// <summary>What adding the node does to the quorum.</summary>
    public MemberChange PreviewAdd(string id, bool voter, bool dryRun)
    {
        var before = Membership();
        var node = new NodeId(id);
        var after = voter
            ? before with { Voters = [.. before.Voters.Append(node).Order()] }
            : before with { Learners = [.. before.Learners.Append(node).Order()] };
        return Change(id, before, after, healthyToo: node, dryRun);
    }

    /// <summary>What removing the node does to the quorum.</summary>
    public MemberChange PreviewRemove(string id, bool dryRun)
    {
        var before = Membership();
        var node = new NodeId(id);
        var after = new Membership(
            [.. before.Voters.Where(voter => voter != node)], [], [.. before.Learners.Where(learner => learner != node)]);
        return Change(id, before, after, healthyToo: null, dryRun);
    }

    /// <summary>Registers the node, started here first when it has no address.</summary>
    /// <exception cref="StartupException">The node could not be started here.</exception>
    public async Task<CommandResult> AddAsync(string id, string? address, string? region, bool voter, WriteOptions write, CancellationToken cancel)
    {
        if (address is null)
        {
            address = _embedded!.Add(id).Address;
            cluster.AddLink(_embedded.CreateLink(id));
        }

        return await cluster.ExecuteAsync(new NodeRegister(id, address, region ?? "local", voter), write, cancel);
    }

    /// <summary>Retires the node and waits until the cluster has let it go; then it is stopped, if it runs here.</summary>
    /// <returns>Whether it has left within ten seconds; otherwise the leader goes on trying.</returns>
    public async Task<bool> RemoveAsync(string id, WriteOptions write, CancellationToken cancel)
    {
        await cluster.ExecuteAsync(new NodeRetire(id), write, cancel);
        var started = time.GetTimestamp();
        while (IsMember(id) || cluster.Leader is null)
        {
            if (time.GetElapsedTime(started) > LeaveLimit)
            {
                return false;
            }

            await Task.Delay(Poll, cancel);
        }

        await cluster.RemoveLinkAsync(new NodeId(id));
        _embedded?.Remove(id);
        return true;
    }

    private Membership Membership()
    {
        var statuses = cluster.Links.Select(link => link.Status).OfType<Node.Hosting.NodeStatus>().ToArray();
        var newest = statuses.Where(status => status.Role == RaftRole.Leader).DefaultIfEmpty(statuses.MaxBy(status => status.Term.Value)).MaxBy(status => status?.Term.Value);
        return newest?.Membership ?? Core.Raft.Membership.Empty;
    }

    private MemberView View(string id, Membership membership, RegisteredNode? wanted)
    {
        var node = new NodeId(id);
        var link = cluster.Links.FirstOrDefault(link => link.Id == node);
        var state = wanted is { Retired: true } ? MemberStates.Leaving
            : membership.IsVoter(node) ? MemberStates.Voter
            : wanted is { Voter: true } ? MemberStates.Joining
            : MemberStates.Learner;
        var region = topology.Current.Nodes.FirstOrDefault(view => view.Id == id)?.Region ?? wanted?.Region ?? "local";
        return new MemberView(id, link?.Address ?? wanted?.Address ?? "", region, state);
    }

    private MemberChange Change(string id, Membership before, Membership after, NodeId? healthyToo, bool dryRun)
    {
        var healthy = topology.Current.Nodes
            .Where(node => node.Health is NodeHealths.Healthy or NodeHealths.Lagging)
            .Select(node => new NodeId(node.Id))
            .Concat(healthyToo is { } joining ? [joining] : [])
            .ToHashSet();
        var (from, to) = (Quorum(before, healthy), Quorum(after, healthy));
        return new MemberChange(id, dryRun, from, to, [.. Warnings(id, from, to)]);
    }

    private static QuorumView Quorum(Membership membership, HashSet<NodeId> healthy)
    {
        var majority = (membership.Voters.Count / 2) + 1;
        return new QuorumView(
            [.. membership.Voters.Select(node => node.Value)],
            [.. membership.Learners.Select(node => node.Value)],
            majority,
            membership.Voters.Count(healthy.Contains) - majority);
    }

    private IEnumerable<string> Warnings(string id, QuorumView before, QuorumView after)
    {
        if (after.Voters.Count == 0)
        {
            yield return $"{id} is the last voter: without it there is no cluster.";
        }
        else if (after.FaultTolerance < 0)
        {
            yield return $"A quorum would be lacking: {after.Majority} of {after.Voters.Count} voters must be healthy, and fewer are.";
        }
        else if (after.FaultTolerance < before.FaultTolerance)
        {
            yield return after.FaultTolerance == 0
                ? "Afterwards the next failure of a voter stops all writes."
                : $"Afterwards {after.FaultTolerance} failure(s) of voters are survived instead of {before.FaultTolerance}.";
        }

        if (after.Voters.Count != before.Voters.Count && after.Voters.Count % 2 == 0)
        {
            yield return $"{after.Voters.Count} voters survive no more failures than {after.Voters.Count - 1} would.";
        }

        if (topology.Current.Leader == id)
        {
            yield return $"{id} leads: leadership moves to another voter first, and writes pause for a moment.";
        }
    }
}
