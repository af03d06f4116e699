using System.Collections.Concurrent;
using Quorate.Core.Raft;
using Quorate.Node.Access;
using Quorate.Node.Tests.Access;

namespace Quorate.Node.Tests.Processes;

public sealed class FailoverTests
{
    [Fact]
    public async Task Killed_leader_loses_no_acknowledged_write_and_comes_back()
    {
        using var cluster = new ProcessCluster();
        await using var client = cluster.Client();
        var acknowledged = new ConcurrentDictionary<string, string>();
        using var stop = new CancellationTokenSource();
        await client.PutAsync("first", "1");
        var writers = Enumerable.Range(0, 8).Select(writer => WriteAsync(client, writer, acknowledged, stop.Token)).ToArray();

        for (var round = 0; round < 2; round++)
        {
            AwaitMoreWrites(acknowledged);
            var leader = client.Leader!.Value.Link.Id;
            cluster[leader].Kill();
            AwaitMoreWrites(acknowledged);
            Assert.NotEqual(leader, client.Leader?.Link.Id);
            cluster.Start(leader);
            AwaitCaughtUp(client, leader);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
        foreach (var (key, value) in acknowledged)
        {
            Assert.Equal(value, await client.GetAsync(key));
        }
    }

    [Fact]
    public async Task Terminated_nodes_exit_with_0_and_find_their_data_again()
    {
        using var cluster = new ProcessCluster();
        await using (var client = cluster.Client())
        {
            await client.PutAsync("a", "kept");
        }

        foreach (var id in cluster.Ids)
        {
            cluster[id].Terminate();
            Assert.Equal(0, cluster[id].AwaitExit());
            Assert.Equal(0, NodeProcess.Run(out var output, out _, "verify", "--data", cluster.DataOf(id)));
            Assert.Contains("no damage found", output);
        }

        foreach (var id in cluster.Ids)
        {
            cluster.Start(id);
        }

        await using var later = cluster.Client();
        Assert.Equal("kept", await later.GetAsync("a"));
    }

    [Fact]
    public async Task Node_whose_disk_fails_exits_with_1_and_the_others_go_on()
    {
        using var cluster = new ProcessCluster();
        await using var client = cluster.Client();
        await client.PutAsync("a", "1");
        var failing = client.Links.First(link => link != client.Leader!.Value.Link).Id;
        Directory.Delete(Path.Combine(cluster.DataOf(failing), "log"), recursive: true);

        // More than a segment, so that the node needs the directory again.
        var value = new string('x', 1 << 20);
        for (var i = 0; i < 70; i++)
        {
            await client.PutAsync("a", value);
        }

        Assert.Equal(1, cluster[failing].AwaitExit());
        Assert.Contains($"quorate-node: node {failing} has failed: ", cluster[failing].Errors);
        await client.PutAsync("a", "2");
    }

    private static async Task WriteAsync(ClusterClient client, int writer, ConcurrentDictionary<string, string> acknowledged, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var key = $"{writer}/{i % 100}";
            acknowledged.TryRemove(key, out _);
            await client.PutAsync(key, $"{i}");
            acknowledged[key] = $"{i}";
        }
    }

    // Every writer has 100 keys and comes round and round: what counts is the values, not the number of keys.
    private static void AwaitMoreWrites(ConcurrentDictionary<string, string> acknowledged)
    {
        var before = acknowledged.Values.Sum(long.Parse);
        Eventually.True(() => acknowledged.Values.Sum(long.Parse) > before + 1_000, "more writes are acknowledged");
    }

    private static void AwaitCaughtUp(ClusterClient client, NodeId id)
    {
        var link = client.Links.Single(link => link.Id == id);
        var target = client.AppliedIndex;
        Eventually.True(() => link.Status?.AppliedIndex >= target, $"{id} has caught up");
    }
}
