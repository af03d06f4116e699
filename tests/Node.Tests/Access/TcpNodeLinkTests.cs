using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;
using Quorate.Node.Access;
using Quorate.Node.Transport;

namespace Quorate.Node.Tests.Access;

public sealed class TcpNodeLinkTests
{
    [Fact]
    public async Task Client_over_tcp_reads_what_it_wrote()
    {
        using var cluster = new TestCluster(secret: "correct horse");
        await using var client = cluster.Client();

        await client.PutAsync("a", "1");
        var revision = await client.PutAsync("a", "2");

        Assert.Equal("2", await client.GetAsync("a"));
        Assert.True(client.AppliedIndex.Value >= revision);
    }

    [Fact]
    public async Task Client_over_tcp_takes_a_lock_and_gives_it_back()
    {
        using var cluster = new TestCluster();
        await using var client = cluster.Client();

        var taken = await client.ExecuteAsync(new LockAcquire("orders/7", "till-3", LockMode.Exclusive, 30_000, 0, null), WriteOptions.None, default);
        var granted = Assert.IsType<CommandResult.LockGranted>(taken);
        var given = await client.ExecuteAsync(new LockRelease("orders/7", "till-3", granted.Hold.Token), WriteOptions.None, default);

        Assert.Equal(new CommandResult.LockReleased(0), given);
    }

    [Theory]
    [InlineData("", "no node is named")]
    [InlineData("n1", "'n1' is not of the form id=host:port")]
    [InlineData("n1=localhost:70000", "with a port from 1 to 65535")]
    [InlineData("n 1=localhost:7000", "the id 'n 1' must be")]
    [InlineData("n1=localhost:7000,n1=localhost:7001", "the id 'n1' is there twice")]
    public void Client_connected_by_wrong_addresses_says_what_is_wrong(string members, string message)
    {
        var error = Assert.Throws<FormatException>(() => ClusterClient.Connect(members));

        Assert.StartsWith("members: ", error.Message);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public async Task Client_sees_at_once_what_another_client_wrote()
    {
        using var cluster = new TestCluster();
        await using var one = cluster.Client();
        await using var other = cluster.Client();

        for (var i = 0; i < 20; i++)
        {
            await one.PutAsync("a", $"{i}");
            Assert.Equal($"{i}", await other.GetAsync("a"));
        }
    }

    [Fact]
    public async Task Client_goes_on_when_the_leader_stops_and_comes_back()
    {
        using var cluster = new TestCluster();
        await using var client = cluster.Client();
        await client.PutAsync("a", "before");
        var leader = cluster.AwaitLeader();

        leader.Stop();
        await client.PutAsync("b", "without");
        Assert.Equal("before", await client.GetAsync("a"));

        leader.Start();
        var link = client.Links.Single(link => link.Id == leader.Id);
        Eventually.True(() => link.Status is not null, "the link to the restarted node is up");
        await client.PutAsync("c", "after");
        Eventually.True(() => link.Status?.AppliedIndex == client.AppliedIndex, "the restarted node has caught up");
    }

    [Fact]
    public async Task Transfer_hands_leadership_to_the_target()
    {
        using var cluster = new TestCluster();
        await using var client = cluster.Client();
        await client.PutAsync("a", "1");
        var (leader, _) = client.Leader!.Value;
        var target = client.Links.First(link => link != leader);

        Assert.True(await leader.TransferLeadershipAsync(target.Id, CancellationToken.None));

        Eventually.True(() => client.Leader?.Link == target, "the target leads");
        Assert.False(await leader.TransferLeadershipAsync(target.Id, CancellationToken.None));
        await client.PutAsync("a", "2");
    }

    [Fact]
    public async Task Campaign_of_a_follower_makes_it_leader()
    {
        using var cluster = new TestCluster();
        await using var client = cluster.Client();
        await client.PutAsync("a", "1");
        var follower = client.Links.First(link => link != client.Leader!.Value.Link);

        await follower.CampaignAsync(CancellationToken.None);

        Eventually.True(() => client.Leader?.Link == follower, "the follower leads");
    }

    [Fact]
    public async Task Follow_from_an_old_entry_gives_the_entries_after_it()
    {
        using var cluster = new TestCluster();
        await using var client = cluster.Client();
        var first = await client.PutAsync("a", "1");
        var last = await client.PutAsync("a", "2");
        var events = new RecordingEvents();
        await using var link = Attached(cluster, events);

        link.Follow(new LogIndex(first));

        Eventually.True(() => events.Last >= last, "the second write");
        Assert.Equal(first + 1, events.Entries.First().Index.Value);
        Assert.Equal(0, events.States);
    }

    [Fact]
    public async Task Follow_from_far_behind_gives_the_state_and_then_entries()
    {
        using var cluster = new TestCluster();
        await using var client = cluster.Client();

        // More than a node keeps at hand. On the thread pool: the test runner's own context would wake a thread for every answer.
        const int writes = 4_500;
        await Task.Run(() => Task.WhenAll(Enumerable.Range(0, writes).Select(i => client.PutAsync($"key-{i}", new string('x', 100)))));
        var events = new RecordingEvents();
        await using var link = Attached(cluster, events);

        link.Follow(LogIndex.Zero);
        Eventually.True(() => events.States == 1, "the state");
        var last = await client.PutAsync("late", "1");

        Eventually.True(() => events.Last >= last, "the entry after the state");
        Assert.Equal(writes, events.State!.Kv.Range("key-").Count());
        Assert.False(events.HasGap);
    }

    [Fact]
    public async Task Unfollow_ends_the_entries()
    {
        using var cluster = new TestCluster();
        await using var client = cluster.Client();
        var first = await client.PutAsync("a", "1");
        var events = new RecordingEvents();
        await using var link = Attached(cluster, events);
        link.Follow(new LogIndex(first));
        var second = await client.PutAsync("a", "2");
        Eventually.True(() => events.Last >= second, "the followed write");

        link.Unfollow();
        await client.PutAsync("a", "3");
        link.ReadIndex(1);
        link.Flush();
        Eventually.True(() => !events.Reads.IsEmpty, "an answer that comes after whatever was sent");

        Assert.Equal(second, events.Last);
    }

    [Fact]
    public async Task Slow_client_is_bounded_and_catches_up()
    {
        const int bound = 256 << 10;
        const int writes = 300;
        var value = new string('x', 100_000);
        using var cluster = new TestCluster(new ClientLimits { QueuedEntryBytes = bound, SendTimeout = TimeSpan.FromMinutes(1) });
        await using var client = cluster.Client();
        var first = await client.PutAsync("a", "1");
        var events = new RecordingEvents();
        await using var link = Attached(cluster, events);
        link.Follow(new LogIndex(first - 1));
        Eventually.True(() => events.Last >= first, "the link follows");

        events.Block();
        var most = 0L;
        var last = 0L;
        for (var i = 0; i < writes; i++)
        {
            last = await client.PutAsync("big", value);
            most = Math.Max(most, cluster.Listeners.Sum(listener => listener.QueuedBytes));
        }

        // Two clients follow, one of them fast; a batch of one entry may stand on top of the bound.
        Assert.InRange(most, 1, 2 * (bound + 2L * value.Length));
        events.Release();
        Eventually.True(() => events.Last >= last, "the slow client has caught up");
        Assert.False(events.HasGap);
    }

    [Fact]
    public async Task Requests_without_a_connection_are_answered_as_by_a_follower()
    {
        var events = new RecordingEvents();
        await using var link = new TcpNodeLink(new NodeId("n1"), new DnsEndPoint("localhost", 1), new TcpNodeLinkOptions(), NullLogger.Instance);
        link.Attach(events);

        link.Propose(new Term(1), new byte[1], 7);
        link.ReadIndex(8);

        Assert.Equal((7, ProposeStatus.NotLeader), Assert.Single(events.Refused));
        Assert.Equal((8, null), Assert.Single(events.Reads));
        Assert.False(await link.TransferLeadershipAsync(NodeId.None, CancellationToken.None));
        Assert.Null(link.Status);
        Eventually.True(() => link.LastError is not null, "the reason why there is no connection");
    }

    [Fact]
    public async Task Link_with_a_wrong_secret_stays_down_and_says_why()
    {
        using var cluster = new TestCluster(secret: "correct horse");
        var node = cluster.Nodes[0];
        await using var link = new TcpNodeLink(node.Id, node.EndPoint, new TcpNodeLinkOptions { Secret = "battery staple" }, NullLogger.Instance);
        link.Attach(new RecordingEvents());

        Eventually.True(() => link.LastError is not null, "a reason");

        Assert.Contains("secret", link.LastError);
        Assert.Null(link.Status);
    }

    [Fact]
    public async Task Stopped_node_is_reported_once_and_at_once()
    {
        using var cluster = new TestCluster();
        var leader = cluster.AwaitLeader();
        var events = new RecordingEvents();
        await using var link = Attached(cluster, events);

        leader.Stop();

        Eventually.True(() => events.Downs == 1, "the link is down");
        Assert.Null(link.Status);
    }

    private static TcpNodeLink Attached(TestCluster cluster, RecordingEvents events)
    {
        var link = cluster.Link(cluster.AwaitLeader());
        link.Attach(events);
        Eventually.True(() => !events.Statuses.IsEmpty, "the link is up");
        return link;
    }
}
