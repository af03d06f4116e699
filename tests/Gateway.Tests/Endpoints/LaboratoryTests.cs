using System.Net;
using Quorate.Contracts;
using Quorate.Contracts.Laboratory;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

public sealed class LaboratoryTests
{
    [Fact]
    public async Task Actions_OnANode_SayWhatStateItIsInAndMayBeRepeated()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        foreach (var (action, state) in ((string, string)[])
        [
            (LaboratoryActions.Stop, "stopped"), (LaboratoryActions.Stop, "stopped"),
            (LaboratoryActions.Start, "running"), (LaboratoryActions.Start, "running"),
            (LaboratoryActions.Isolate, "isolated"), (LaboratoryActions.Isolate, "isolated"),
            (LaboratoryActions.Heal, "running"), (LaboratoryActions.Heal, "running"),
        ])
        {
            var node = (await cluster.Api.PostAsync(Routes.LaboratoryNode("n2", action), null, (Headers.Reason, "a test"))).Ok();

            Assert.Equal(("n2", state), (node["id"].GetString(), node["state"].GetString()));
        }
    }

    [Fact]
    public async Task Actions_OnAnUnknownNode_AreNotFound()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        foreach (var action in (string[])[LaboratoryActions.Stop, LaboratoryActions.Start, LaboratoryActions.Isolate, LaboratoryActions.Heal])
        {
            (await cluster.Api.PostAsync(Routes.LaboratoryNode("n9", action))).Problem(HttpStatusCode.NotFound, ErrorCodes.NodeNotFound, "id");
        }

        (await cluster.Api.PostAsync(Routes.LaboratoryNode("n1", "explode"))).Problem(HttpStatusCode.NotFound, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task Actions_WhereTheLaboratoryIsOff_AreNotThere()
    {
        await using var cluster = await ClusterFixture.StartAsync("--Laboratory:Enabled=false");

        var answer = (await cluster.Api.PostAsync(Routes.LaboratoryNode("n1", LaboratoryActions.Stop))).Problem(HttpStatusCode.NotFound, ErrorCodes.NotFound);

        Assert.Contains("Laboratory:Enabled", answer["detail"].GetString(), StringComparison.Ordinal);
        Assert.All(cluster.Nodes, node => Assert.True(node.IsRunning));
    }
}
