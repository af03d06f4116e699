using Quorate.Contracts.Cache;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Live;
using Quorate.Contracts.Replication;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Layout;

/// <summary>The pages; a count stands only where something needs a human.</summary>
public partial class NavMenu(Clock clock)
{
    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Topology, Topics.Locks, Topics.Queues, Topics.Lag, Topics.Conflicts, Topics.Blobs, Topics.Cache];

    private IEnumerable<Item> Items =>
    [
        new(Addresses.Overview, "overview", "Overview.Title", "nav-overview", 0, ""),
        new(Addresses.Topology, "topology", "Topology.Title", "nav-topology", UnhealthyNodes, "Nav.UnhealthyNodes"),
        new(Addresses.Leaders, "leader", "Leaders.Title", "nav-leaders", Store.Topology is { Leader: null } ? 1 : 0, "Nav.NoLeader"),
        new(Addresses.Locks, "lock", "Locks.Title", "nav-locks", LongWaits, "Nav.LongWaits"),
        new(Addresses.Queues, "queue", "Queues.Title", "nav-queues", QueuesWithDead, "Nav.QueuesWithDead"),
        new(Addresses.KeyValue, "key", "Kv.Title", "nav-kv", 0, ""),
        new(Addresses.Cache, "cache", "Cache.Title", "nav-cache", Store.Cache is { State: CacheStates.Degraded } ? 1 : 0, "Nav.RedisDown"),
        new(Addresses.Documents, "document", "Documents.Title", "nav-documents", 0, ""),
        new(Addresses.Blobs, "blob", "Blobs.Title", "nav-blobs", NodesWithoutChunks, "Nav.ChunksMissing"),
        new(Addresses.Replication, "replication", "Replication.Title", "nav-replication", FollowersAway + Store.Regions.Attention(), Store.Regions is null ? "Nav.FollowersAway" : "Nav.ReplicationAway"),
        new(Addresses.Conflicts, "conflict", "Conflicts.Title", "nav-conflicts", OpenConflicts, "Nav.OpenConflicts"),
        new(Addresses.Elections, "election", "Elections.Title", "nav-elections", 0, ""),
        new(Addresses.Events, "events", "Events.Title", "nav-events", 0, ""),
    ];

    private int UnhealthyNodes => Store.Topology?.Nodes.Count(node => node.Health != NodeHealths.Healthy) ?? 0;

    private int LongWaits =>
        Store.Locks.Values.Count(view => view.Waiters.Any(waiter => clock.Now - waiter.Since >= LockRow.LongWait));

    private int QueuesWithDead => Store.Queues.Values.Count(view => view.Dead > 0);

    private int NodesWithoutChunks => Store.Blobs?.Nodes.Count(node => node.Missing > 0 || node.Repaired < node.Corrupt) ?? 0;

    /// <summary>All regions come to know the same ones; until then, those of the region that knows most.</summary>
    private int OpenConflicts => (int)Math.Max(Store.OpenConflicts, Store.Regions?.Regions.Max(region => region.Conflicts) ?? 0);

    private int FollowersAway => Store.Sync?.Followers.Count(each => each.State == FollowerStates.Disconnected) ?? 0;

    /// <param name="Attention">How many things there need attention.</param>
    /// <param name="Why">Resource key of what is counted.</param>
    private sealed record Item(string Address, string Icon, string Title, string TestId, int Attention, string Why);
}
