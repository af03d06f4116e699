using System.Net;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Laboratory;
using Quorate.Contracts.Locks;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Client;

public class QuorateClientTests
{
    private readonly FakeGateway _gateway = new();

    [Fact]
    public async Task GetKey_KeyWithSlash_IsOneSegment()
    {
        _gateway.Answer("GET", "/api/v1/kv/app%2Fa%20b", Examples.Key("app/a b", "[1]", 9));

        var key = await _gateway.Client().GetKeyAsync("app/a b");

        Assert.Equal((9L, "[1]"), (key.Revision, key.Value!.Value.GetRawText()));
    }

    [Fact]
    public async Task PutKey_WithRevision_SendsIfMatch()
    {
        _gateway.Answer("PUT", "/api/v1/kv/k", new PutKeyResponse("k", 6, Created: false));

        await _gateway.Client("secret").PutKeyAsync("k", Examples.Json("{\"a\":1}"), ifRevision: 5, reason: "tidy up");

        var request = Assert.Single(_gateway.Requests);
        Assert.Equal("5", request.Headers["If-Match"]);
        Assert.Equal("tidy up", request.Headers["X-Reason"]);
        Assert.Equal("Bearer secret", request.Headers["Authorization"]);
        Assert.Equal("""{"value":{"a":1},"ttlMs":null}""", request.Body);
    }

    [Fact]
    public async Task PutKey_ReasonBeyondLatin_IsEncodedForTheHeader()
    {
        _gateway.Answer("PUT", "/api/v1/kv/k", new PutKeyResponse("k", 6, Created: false));

        await _gateway.Client().PutKeyAsync("k", Examples.Json("1"), reason: "清理\r\nX-Evil: 1");

        Assert.Equal("%E6%B8%85%E7%90%86%0D%0AX-Evil%3A%201", _gateway.Requests[0].Headers["X-Reason"]);
    }

    [Fact]
    public async Task PutKey_Refused_CarriesTheProblem()
    {
        _gateway.Refuse("PUT", "/api/v1/kv/k", FakeGateway.Problem(412, ErrorCodes.RevisionMismatch) with
        {
            Extensions = new Dictionary<string, System.Text.Json.JsonElement> { ["current"] = Examples.Json("{\"revision\":7}") },
        });

        var refused = await Assert.ThrowsAsync<QuorateException>(() => _gateway.Client().PutKeyAsync("k", Examples.Json("1"), ifRevision: 5));

        Assert.Equal(ErrorCodes.RevisionMismatch, refused.Code);
        Assert.Equal(7, refused.Problem.Extensions!["current"].GetProperty("revision").GetInt64());
    }

    [Fact]
    public async Task GetCluster_AnswerThatIsNoProblem_StillSaysWhatCameBack()
    {
        _gateway.AnswerText("GET", "/api/v1/cluster", HttpStatusCode.BadGateway, "<html>proxy</html>");

        var refused = await Assert.ThrowsAsync<QuorateException>(() => _gateway.Client().GetClusterAsync());

        Assert.Equal((502, ErrorCodes.Internal, "<html>proxy</html>"), (refused.Problem.Status, refused.Code, refused.Problem.Detail));
    }

    [Fact]
    public async Task ListKeys_Parameters_GoToTheQuery()
    {
        _gateway.Answer("GET", "/api/v1/kv?prefix=app%2F&limit=2&cursor=c%3D", new Page<KeyView>([Examples.Key("app/a")], null));

        Assert.Single((await _gateway.Client().ListKeysAsync("app/", 2, "c=")).Items);
    }

    [Fact]
    public async Task Locks_EveryAction_UsesTheContractsPath()
    {
        var client = _gateway.Client();
        _gateway.Answer("POST", "/api/v1/locks/a%2Fb/acquire", new AcquireLockResponse("a/b", "me", "exclusive", 9, Examples.Now, null, 1));
        _gateway.Answer("POST", "/api/v1/locks/a%2Fb/renew", new RenewLockResponse("a/b", "me", 9, null));
        _gateway.Answer("POST", "/api/v1/locks/a%2Fb/release", new ReleaseLockResponse("a/b", "me", 0));
        _gateway.Answer("DELETE", "/api/v1/locks/a%2Fb", new ForceReleaseLockResponse("a/b", []));
        _gateway.Answer("GET", "/api/v1/locks:wait-graph", new WaitGraph([], [], null, []));

        Assert.Equal(9, (await client.AcquireLockAsync("a/b", new AcquireLockRequest("me"))).FencingToken);
        Assert.Equal(9, (await client.RenewLockAsync("a/b", new RenewLockRequest("me", 9))).FencingToken);
        Assert.Equal(0, (await client.ReleaseLockAsync("a/b", new ReleaseLockRequest("me", 9))).Remaining);
        Assert.Empty((await client.ForceReleaseLockAsync("a/b", "stuck")).Released);
        Assert.Empty((await client.GetWaitGraphAsync()).Edges);
        Assert.Equal("stuck", _gateway.Requests[3].Headers["X-Reason"]);
    }

    [Fact]
    public async Task ActOnNode_Stop_PostsToTheLaboratory()
    {
        _gateway.Answer("POST", "/api/v1/lab/nodes/n1/stop", new LaboratoryNode("n1", "stopped"));

        Assert.Equal("stopped", (await _gateway.Client().ActOnNodeAsync("n1", LaboratoryActions.Stop)).State);
    }

    [Fact]
    public async Task CloseSession_AnswerWithoutBody_IsEnough()
    {
        _gateway.AnswerText("DELETE", "/api/v1/sessions/s1", HttpStatusCode.NoContent, "");

        await _gateway.Client().CloseSessionAsync("s1");

        Assert.Single(_gateway.Requests);
    }
}
