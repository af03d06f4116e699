using System.Net;
using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Queues;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

/// <summary>Transactions and batches over more than keys.</summary>
[Collection(ClusterCollection.Name)]
public sealed class TransactionAcrossTests(ClusterFixture cluster)
{
    private readonly string _name = $"across-{Guid.NewGuid():N}";

    [Fact]
    public async Task Transaction_AcrossAllPrimitives_DoesAllOfIt()
    {
        using var http = new HttpClient { BaseAddress = cluster.Address };
        var client = new QuorateClient(http);
        await client.PutQueueAsync(_name, new QueueConfiguration());
        await client.EnqueueAsync(_name, [new NewQueueMessage(Json("first"))]);
        var taken = (await client.DequeueAsync(_name, new DequeueRequest(VisibilityMs: 60_000))).Messages[0];
        var held = await client.AcquireLockAsync(_name, new("me"));
        (await cluster.Api.PostAsync(Routes.Collections, $$"""{"name":"{{_name}}"}""")).Ok(HttpStatusCode.Created);
        var led = (await cluster.Api.PostAsync($"{Routes.Elections}/{_name}/campaign", """{"candidate":"me"}""")).Ok()["fencingToken"].GetInt64();

        var done = await client.RunTransactionAsync(new TransactionRequest(
            Compare:
            [
                new(Lock: _name, FencingToken: held.FencingToken), new(Lock: _name, Owner: "me"), new(Lock: _name + "/other", Held: false),
                new(Queue: _name, InFlight: 1), new(Queue: _name, Op: "<", Length: 1), new(Queue: _name, Exists: true),
                new(Election: _name, Leader: "me", FencingToken: led), new(Election: _name + "/other", Held: false),
                new(_name, Collection: _name, Exists: false),
            ],
            Then:
            [
                new("put", _name, Json(1)),
                new("put", Cache: _name, Value: Json(2)),
                new("put", _name, Json(3), Collection: _name),
                new("enqueue", Queue: _name, Messages: [new(Json("second"), Priority: 7), new(Json("third"))]),
                new("ack", Queue: _name, Receipts: [taken.Receipt]),
                new("publish", Topic: "across.done", Payload: Json(4)),
                new("resign", Election: _name, Candidate: "me", FencingToken: led),
                new("release", Lock: _name, Owner: "me", FencingToken: held.FencingToken),
            ]));

        Assert.True(done.Succeeded);
        Assert.Equal(["put", "put", "put", "enqueue", "ack", "publish", "resign", "release"], done.Results.Select(result => result.Op));
        Assert.Equal(2, done.Results[3].Messages!.Count);
        Assert.Equal(1, done.Results[4].Count);
        Assert.True(done.Results[5].Id > 0);
        Assert.True(done.Results[6].Led);
        Assert.Equal(0, done.Results[7].Remaining);
        var document = (await cluster.Api.GetAsync(Routes.Document(_name, _name))).Ok();
        Assert.Equal(done.Results[2].Rev, document["rev"].GetString());
        var queue = (await cluster.Api.GetAsync(Routes.Queue(_name))).Ok();
        Assert.Equal((2, 0), (queue["ready"].GetInt64(), queue["inFlight"].GetInt64()));
        Assert.Equal(done.Revision, (await client.GetKeyAsync(_name)).Revision);
        Assert.Equal(2, (await cluster.Api.GetAsync($"{Routes.Cache}/{_name}")).Ok()["value"].GetInt32());
        (await cluster.Api.PostAsync($"{Routes.Locks}/{_name}/acquire", """{"owner":"next"}""")).Ok();
    }

    [Fact]
    public async Task Transaction_OneOperationCannotBeDone_IsRefusedByItsPlaceAndNothingIsDone()
    {
        (await cluster.Api.PutAsync(Routes.Queue(_name), """{"maxLength":1}""")).Ok();
        (await cluster.Api.PostAsync(Routes.Collections, $$"""{"name":"{{_name}}"}""")).Ok(HttpStatusCode.Created);
        (string Operation, HttpStatusCode Status, string Code)[] cases =
        [
            ($$"""{"op":"enqueue","queue":"{{_name}}","messages":[{"body":1},{"body":2}]}""", HttpStatusCode.Conflict, ErrorCodes.QueueFull),
            ("""{"op":"enqueue","queue":"nowhere","messages":[{"body":1}]}""", HttpStatusCode.NotFound, ErrorCodes.QueueNotFound),
            ($$"""{"op":"ack","queue":"{{_name}}","receipts":["1-1"]}""", HttpStatusCode.Conflict, ErrorCodes.StaleReceipt),
            ($$"""{"op":"nack","queue":"{{_name}}","receipts":["1-1"]}""", HttpStatusCode.Conflict, ErrorCodes.StaleReceipt),
            ("""{"op":"release","lock":"nowhere","owner":"me","fencingToken":1}""", HttpStatusCode.Conflict, ErrorCodes.StaleToken),
            ("""{"op":"renew","lock":"nowhere","owner":"me","fencingToken":1}""", HttpStatusCode.Conflict, ErrorCodes.StaleToken),
            ("""{"op":"proclaim","election":"nowhere","candidate":"me","fencingToken":1,"value":1}""", HttpStatusCode.Conflict, ErrorCodes.StaleToken),
            ("""{"op":"resign","election":"nowhere","candidate":"me"}""", HttpStatusCode.NotFound, ErrorCodes.CandidateNotFound),
            ("""{"op":"put","collection":"nowhere","key":"k","value":1}""", HttpStatusCode.NotFound, ErrorCodes.CollectionNotFound),
            ($$"""{"op":"put","collection":"{{_name}}","key":"k","value":1,"rev":"1-no"}""", HttpStatusCode.Conflict, ErrorCodes.RevConflict),
        ];
        foreach (var (operation, status, code) in cases)
        {
            var put = $$"""{"op":"put","key":"{{_name}}","value":1}""";
            var problem = await cluster.Api.PostAsync(Routes.Transactions, $$"""{"then":[{{put}},{{operation}}]}""");
            problem.Problem(status, code, "then[1]");
            Assert.Contains("then[1]", problem["detail"].GetString());

            (await cluster.Api.PostAsync(Routes.Transactions, $$"""{"compare":[{"key":"{{_name}}","exists":true}],"else":[{{operation}},{{put}}]}"""))
                .Problem(status, code, "else[0]");
            (await cluster.Api.GetAsync(Routes.Key(_name))).Problem(HttpStatusCode.NotFound, ErrorCodes.KeyNotFound);
        }
    }

    [Fact]
    public async Task Transaction_RefusedAndRepeatedWithItsKey_IsRefusedAgain()
    {
        var body = $$"""{"then":[{"op":"put","key":"{{_name}}","value":1},{"op":"enqueue","queue":"{{_name}}","messages":[{"body":1}]}]}""";

        (await cluster.Api.PostAsync(Routes.Transactions, body, (Headers.IdempotencyKey, _name))).Problem(HttpStatusCode.NotFound, ErrorCodes.QueueNotFound, "then[1]");
        (await cluster.Api.PutAsync(Routes.Queue(_name), "{}")).Ok();
        (await cluster.Api.PostAsync(Routes.Transactions, body, (Headers.IdempotencyKey, _name))).Problem(HttpStatusCode.NotFound, ErrorCodes.QueueNotFound, "then[1]");
        (await cluster.Api.PostAsync(Routes.Transactions, body)).Ok();
    }

    [Fact]
    public async Task Transaction_WithAStaleFence_IsRefused()
    {
        (await cluster.Api.PutAsync(Routes.Queue(_name), "{}")).Ok();

        (await cluster.Api.PostAsync(
                Routes.Transactions, $$"""{"then":[{"op":"enqueue","queue":"{{_name}}","messages":[{"body":1}]}]}""", (Headers.Fencing, $"{_name}:7")))
            .Problem(HttpStatusCode.Conflict, ErrorCodes.StaleToken);
        Assert.Equal(0, (await cluster.Api.GetAsync(Routes.Queue(_name))).Ok()["ready"].GetInt64());
    }

    [Fact]
    public async Task Batch_AcrossPrimitives_AnswersEachForItself()
    {
        using var http = new HttpClient { BaseAddress = cluster.Address };
        var client = new QuorateClient(http);
        (await cluster.Api.PutAsync(Routes.Queue(_name), """{"maxLength":1}""")).Ok();
        (await cluster.Api.PostAsync(Routes.Collections, $$"""{"name":"{{_name}}"}""")).Ok(HttpStatusCode.Created);

        var results = (await client.RunBatchAsync(new BatchRequest(
        [
            new("put", _name, Json(1)),
            new("get", _name),
            new("enqueue", Queue: _name, Messages: [new(Json(1))]),
            new("enqueue", Queue: _name, Messages: [new(Json(2))]),
            new("put", _name, Json(1), Collection: _name, Rev: ""),
            new("put", _name, Json(2), Collection: _name, Rev: ""),
            new("publish", Topic: "across.batch", Payload: Json(null)),
            new("release", Lock: _name, Owner: "me", FencingToken: 3),
            new("put", Cache: _name, Value: Json(1)),
            new("delete", _name, IfRevision: 1),
        ]))).Results;

        Assert.Equal([true, true, true, false, true, false, true, false, true, false], results.Select(result => result.Ok));
        Assert.Equal(
            [ErrorCodes.QueueFull, ErrorCodes.RevConflict, ErrorCodes.StaleToken, ErrorCodes.RevisionMismatch],
            results.Where(result => !result.Ok).Select(result => result.Code));
        Assert.Single(results[2].Messages!);
        Assert.Equal(results[4].Rev, results[5].Current!.Rev);
        Assert.True(results[6].Id > 0);
        Assert.True(results[8].Revision > 0);
        Assert.Equal(results[0].Revision, results[9].Current!.Revision);
    }

    [Fact]
    public async Task Batch_ThatAcksEnqueuesAndDequeues_DoesOneAfterTheOther()
    {
        using var http = new HttpClient { BaseAddress = cluster.Address };
        var client = new QuorateClient(http);
        (await cluster.Api.PutAsync(Routes.Queue(_name), "{}")).Ok();
        var enqueue = new Operation("enqueue", Queue: _name, Messages: [new(Json("a"), Priority: 3), new(Json("b"), Priority: 7)]);

        var taken = (await client.RunBatchAsync(new BatchRequest([enqueue, new("dequeue", Queue: _name, VisibilityMs: 60_000, Consumer: "me")]))).Results[1];
        var first = Assert.Single(taken.Delivered!);
        var results = (await client.RunBatchAsync(new BatchRequest(
        [
            new("ack", Queue: _name, Receipts: [first.Receipt]),
            new("dequeue", Queue: _name, Max: 5),
            new("dequeue", Queue: _name),
            new("dequeue", Queue: _name + "-none"),
        ]))).Results;

        Assert.Equal("b", first.Body.GetString());
        Assert.Equal(1, results[0].Count);
        Assert.Equal("a", Assert.Single(results[1].Delivered!).Body.GetString());
        Assert.True(results[2].Ok);
        Assert.Empty(results[2].Delivered!);
        Assert.Equal(ErrorCodes.QueueNotFound, results[3].Code);
        var queue = (await cluster.Api.GetAsync(Routes.Queue(_name))).Ok();
        Assert.Equal((0, 1), (queue["ready"].GetInt64(), queue["inFlight"].GetInt64()));
    }

    [Theory]
    [InlineData("""{"operations":[{"op":"dequeue"}]}""", "operations[0].queue")]
    [InlineData("""{"operations":[{"op":"dequeue","queue":"q","max":0}]}""", "operations[0].max")]
    [InlineData("""{"operations":[{"op":"dequeue","queue":"q","max":1001}]}""", "operations[0].max")]
    [InlineData("""{"operations":[{"op":"dequeue","queue":"q","visibilityMs":-1}]}""", "operations[0].visibilityMs")]
    [InlineData("""{"operations":[{"op":"dequeue","queue":"q","consumer":""}]}""", "operations[0].consumer")]
    public async Task Batch_WithAnInvalidDequeue_IsRefusedByPlace(string body, string field) =>
        (await cluster.Api.PostAsync(Routes.Batch, body)).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, field);

    [Theory]
    [InlineData("""{"compare":[{"queue":"q"}]}""", "compare[0]")]
    [InlineData("""{"compare":[{"queue":"q","ready":1,"dead":1}]}""", "compare[0]")]
    [InlineData("""{"compare":[{"election":"e"}]}""", "compare[0]")]
    [InlineData("""{"compare":[{"collection":"c","rev":"1-x"}]}""", "compare[0].key")]
    [InlineData("""{"compare":[{"collection":"c","key":"k","rev":"1-x","op":">"}]}""", "compare[0].op")]
    [InlineData("""{"compare":[{"key":"k","queue":"q","ready":1}]}""", "compare[0]")]
    [InlineData("""{"compare":[{"key":"k","revision":"x"}]}""", "compare[0].revision")]
    [InlineData("""{"then":[{"op":"enqueue","queue":"q"}]}""", "then[0].messages")]
    [InlineData("""{"then":[{"op":"enqueue","queue":"q","messages":[{"body":1,"priority":10}]}]}""", "then[0].messages[0].priority")]
    [InlineData("""{"then":[{"op":"enqueue","messages":[{"body":1}]}]}""", "then[0].queue")]
    [InlineData("""{"then":[{"op":"ack","queue":"q","receipts":["x"]}]}""", "then[0].receipts[0]")]
    [InlineData("""{"then":[{"op":"ack","queue":"q"}]}""", "then[0].receipts")]
    [InlineData("""{"then":[{"op":"ack","queue":"q","receipts":["1-1"]},{"op":"nack","queue":"q","receipts":["1-1"]}]}""", "then[1]")]
    [InlineData("""{"then":[{"op":"release","lock":"l","owner":"me"}]}""", "then[0].fencingToken")]
    [InlineData("""{"then":[{"op":"publish","topic":"system.x","payload":1}]}""", "then[0].topic")]
    [InlineData("""{"then":[{"op":"publish","topic":"a.b"}]}""", "then[0].payload")]
    [InlineData("""{"then":[{"op":"put","collection":"_system","key":"k","value":1}]}""", "then[0].collection")]
    [InlineData("""{"then":[{"op":"put","key":"k","value":1,"rev":"1-x"}]}""", "then[0].rev")]
    [InlineData("""{"then":[{"op":"put","key":"k","value":1,"ifRevision":1}]}""", "then[0].ifRevision")]
    [InlineData("""{"then":[{"op":"put","cache":"k","key":"k","value":1}]}""", "then[0].cache")]
    [InlineData("""{"then":[{"op":"dequeue","queue":"q"}]}""", "then[0].op")]
    public async Task Transaction_Invalid_IsRefusedByPlace(string body, string field) =>
        (await cluster.Api.PostAsync(Routes.Transactions, body)).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, field);

    private static JsonElement Json(object? value) => JsonSerializer.SerializeToElement(value);
}
