using System.Net;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

[Collection(ClusterCollection.Name)]
public sealed class ClusterTests(ClusterFixture cluster)
{
    [Fact]
    public async Task GetCluster_AllWell_SurvivesOneFailure()
    {
        await Eventually.HoldsAsync(async () => (await cluster.Api.GetAsync(Routes.Cluster)).Ok()["healthyVoters"].GetInt32() == 3);
        var topology = (await cluster.Api.GetAsync(Routes.Cluster)).Ok();

        Assert.Equal(["n1", "n2", "n3"], topology["nodes"].EnumerateArray().Select(node => node.GetProperty("id").GetString()));
        Assert.True(topology["hasQuorum"].GetBoolean());
        Assert.Equal(1, topology["faultTolerance"].GetInt32());
        Assert.Contains(topology["leader"].GetString(), (string[])["n1", "n2", "n3"]);
    }

    [Fact]
    public async Task GetBeliefs_AllWell_AgreeOnTheLeader()
    {
        await Eventually.HoldsAsync(async () =>
        {
            var beliefs = (await cluster.Api.GetAsync(Routes.Beliefs)).Ok().Json.EnumerateArray().ToList();
            return beliefs.Count == 3 && beliefs.Select(belief => belief.GetProperty("leader").GetString()).Distinct().Count() == 1;
        });
    }

    [Fact]
    public async Task TransferLeadership_ToEveryNode_MakesItTheLeader()
    {
        foreach (var target in (string[])["n1", "n2", "n3", "n3"])
        {
            var answer = (await cluster.Api.PostAsync(Routes.Leadership, $$"""{"target":"{{target}}"}""", (Headers.Reason, "test"))).Ok();

            Assert.Equal(target, answer["leader"].GetString());
            var newest = (await cluster.Api.GetAsync($"{Routes.Leaders}?limit=1")).Ok()["items"][0];
            Assert.Equal((target, answer["term"].GetInt64()), (newest.GetProperty("leader").GetString(), newest.GetProperty("term").GetInt64()));
            Assert.Contains(newest.GetProperty("cause").GetString(), (string[])["transfer", "bootstrap"]);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"target":null}""")]
    public async Task TransferLeadership_WithoutTarget_GoesToAnotherNode(string? body)
    {
        var before = cluster.Leader.Id.Value;

        Assert.NotEqual(before, (await cluster.Api.PostAsync(Routes.Leadership, body)).Ok()["leader"].GetString());
    }

    [Fact]
    public async Task TransferLeadership_ToNobody_IsNotFound() =>
        (await cluster.Api.PostAsync(Routes.Leadership, """{"target":"n9"}""")).Problem(HttpStatusCode.NotFound, ErrorCodes.NodeNotFound, "target");

    [Fact]
    public async Task HoldElection_AllWell_BeginsANewTermOfAnotherLeader()
    {
        var (before, term) = (cluster.Leader.Id.Value, cluster.Cluster.Leader!.Value.Term.Value);

        var answer = (await cluster.Api.PostAsync(Routes.Election)).Ok();

        Assert.NotEqual(before, answer["leader"].GetString());
        Assert.True(answer["term"].GetInt64() > term);
        Assert.Equal("operator", (await cluster.Api.GetAsync($"{Routes.Leaders}?limit=1")).Ok()["items"][0].GetProperty("cause").GetString());
    }

    [Fact]
    public async Task ListLeaders_PageByPage_GoesBackToTheFirstTerm()
    {
        (await cluster.Api.PostAsync(Routes.Leadership)).Ok();
        (await cluster.Api.PostAsync(Routes.Leadership)).Ok();

        var terms = new List<long>();
        DateTimeOffset? next = null;
        string? cursor = null;
        do
        {
            var page = (await cluster.Api.GetAsync($"{Routes.Leaders}?limit=1&cursor={cursor}")).Ok();
            var term = Assert.Single(page["items"].EnumerateArray());
            terms.Add(term.GetProperty("term").GetInt64());
            Assert.Equal(next, term.GetProperty("to").ValueKind == System.Text.Json.JsonValueKind.Null ? null : term.GetProperty("to").GetDateTimeOffset());
            Assert.Contains(term.GetProperty("leader").GetString(), term.GetProperty("votes").EnumerateArray().Select(vote => vote.GetString()));
            next = term.GetProperty("from").GetDateTimeOffset();
            cursor = page["nextCursor"].GetString();
        }
        while (cursor is not null);

        Assert.True(terms.Count >= 3);
        Assert.Equal(terms.OrderDescending(), terms);
    }
}
