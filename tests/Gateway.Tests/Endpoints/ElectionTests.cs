using System.Net;
using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Elections;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

[Collection(ClusterCollection.Name)]
public sealed class ElectionTests(ClusterFixture cluster)
{
    private readonly string _name = $"election-{Guid.NewGuid():N}/a b";
    private readonly QuorateClient _client = new(new HttpClient { BaseAddress = cluster.Address });

    [Fact]
    public async Task Campaign_First_Leads_AndTheOthersWaitInOrder()
    {
        var ada = await _client.CampaignAsync(_name, new("ada", JsonSerializer.SerializeToElement(new { at = "10.0.0.1" })));
        var bo = await _client.CampaignAsync(_name, new("bo"));
        var cleo = await _client.CampaignAsync(_name, new("cleo"));
        var again = await _client.CampaignAsync(_name, new("bo"));

        Assert.True(ada.Elected);
        Assert.Equal([0, 1, 2, 1], new[] { ada, bo, cleo, again }.Select(answer => answer.Position));
        Assert.All([bo, cleo], answer => Assert.Equal(("ada", false, null), (answer.Leader, answer.Elected, answer.FencingToken)));
        var election = await _client.GetElectionAsync(_name);
        Assert.Equal(("ada", ada.FencingToken), (election.Leader!.Candidate, election.Leader.FencingToken));
        Assert.Equal("10.0.0.1", election.Leader.Value!.Value.GetProperty("at").GetString());
        Assert.Equal(["bo", "cleo"], election.Waiting.Select(candidate => candidate.Candidate));
        Assert.Contains((await _client.ListElectionsAsync(_name)).Items, item => item.Name == _name);
    }

    [Fact]
    public async Task Campaign_ThatWaits_IsAnsweredWhenTheLeaderResigns()
    {
        var ada = await _client.CampaignAsync(_name, new("ada"));
        var waiting = _client.CampaignAsync(_name, new("bo", WaitMs: 30_000));
        await Eventually.HoldsAsync(() => cluster.Cluster.Peek(state => state.Elections.Get(_name)?.Waiting.Count == 1));

        var resigned = await _client.ResignAsync(_name, new("ada", ada.FencingToken), "tired");
        var bo = await waiting;

        Assert.Equal((true, "bo"), (resigned.Led, resigned.Leader));
        Assert.True(bo.Elected);
        Assert.True(bo.FencingToken > ada.FencingToken);
        var term = Assert.Single((await _client.GetElectionAsync(_name)).Terms);
        Assert.Equal(("ada", TermEnds.Resigned, "tired", ada.FencingToken), (term.Leader, term.Cause, term.Reason, term.FencingToken));
    }

    [Fact]
    public async Task Campaign_ThatWaitsInVain_GoesOnStanding()
    {
        await _client.CampaignAsync(_name, new("ada"));

        var bo = await _client.CampaignAsync(_name, new("bo", WaitMs: 50));

        Assert.Equal((false, 1), (bo.Elected, bo.Position));
        Assert.Equal("bo", Assert.Single((await _client.GetElectionAsync(_name)).Waiting).Candidate);
    }

    [Fact]
    public async Task Term_NotRenewed_ExpiresAndItsTokenIsStale()
    {
        var ada = await _client.CampaignAsync(_name, new("ada", TtlMs: 200));
        await Eventually.HoldsAsync(() => cluster.Cluster.Peek(state => state.Elections.Get(_name) is { Leader: null }));

        await StaleAsync(() => _client.RenewTermAsync(_name, new("ada", ada.FencingToken)));
        await StaleAsync(() => _client.ProclaimAsync(_name, new("ada", ada.FencingToken, JsonSerializer.SerializeToElement(1))));
        await StaleAsync(() => _client.ResignAsync(_name, new("ada", ada.FencingToken)));
        Assert.Equal(TermEnds.Expired, (await _client.GetElectionAsync(_name)).Terms[0].Cause);
    }

    [Fact]
    public async Task Session_Closed_EndsTheTermThatIsBoundToIt()
    {
        var session = await _client.OpenSessionAsync(new());
        var ada = await _client.CampaignAsync(_name, new("ada", SessionId: session.Id));
        await _client.CampaignAsync(_name, new("bo"));
        await _client.CloseSessionAsync(session.Id);

        var election = await _client.GetElectionAsync(_name);

        Assert.Null(ada.ExpiresAt);
        Assert.Equal("bo", election.Leader!.Candidate);
        Assert.Equal(TermEnds.SessionEnded, election.Terms[0].Cause);
    }

    [Fact]
    public async Task Proclaim_ByTheLeader_ChangesWhatEverybodySees()
    {
        var ada = await _client.CampaignAsync(_name, new("ada"));

        await _client.ProclaimAsync(_name, new("ada", ada.FencingToken, JsonSerializer.SerializeToElement(new { version = 2 })));

        Assert.Equal(2, (await _client.GetElectionAsync(_name)).Leader!.Value!.Value.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Election_NobodyKnows_IsNotFound()
    {
        (await cluster.Api.GetAsync(Routes.ElectionOf(_name))).Problem(HttpStatusCode.NotFound, ErrorCodes.ElectionNotFound);
        (await cluster.Api.PostAsync(Routes.ElectionOf(_name) + "/resign", """{"candidate":"ada"}""")).Problem(HttpStatusCode.NotFound, ErrorCodes.CandidateNotFound);
    }

    [Theory]
    [InlineData("campaign", """{}""", "candidate")]
    [InlineData("campaign", """{"candidate":"a","ttlMs":99}""", "ttlMs")]
    [InlineData("campaign", """{"candidate":"a","waitMs":600001}""", "waitMs")]
    [InlineData("renew", """{"candidate":"a"}""", "fencingToken")]
    [InlineData("proclaim", """{"candidate":"a","fencingToken":0}""", "fencingToken")]
    [InlineData("resign", """{"candidate":""}""", "candidate")]
    public async Task Body_Invalid_IsRefusedByName(string action, string body, string field) =>
        (await cluster.Api.PostAsync($"{Routes.ElectionOf(_name)}/{action}", body)).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, field);

    [Fact]
    public async Task Value_OfMoreThanFourKilobytes_IsRefused() =>
        (await cluster.Api.PostAsync(Routes.ElectionOf(_name) + "/campaign", $$"""{"candidate":"a","value":"{{new string('x', 4096)}}"}"""))
            .Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "value");

    private static async Task StaleAsync(Func<Task> act) =>
        Assert.Equal(ErrorCodes.StaleToken, (await Assert.ThrowsAsync<QuorateException>(act)).Code);
}
