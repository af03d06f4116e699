using System.Net;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

[Collection(ClusterCollection.Name)]
public sealed class QueueTests(ClusterFixture cluster)
{
    private readonly string _name = $"jobs/{Guid.NewGuid():N}";

    private string Path => Routes.Queue(_name);

    [Fact]
    public async Task Put_NewAndKnownQueue_CreatesAndReconfigures()
    {
        var created = (await cluster.Api.PutAsync(Path, "{}")).Ok();
        Assert.True(created["created"].GetBoolean());
        Assert.Equal(5, created["configuration"].GetProperty("maxDeliveries").GetInt32());
        await SendAsync("""{"body":1}""");

        var changed = (await cluster.Api.PutAsync(Path, """{"maxDeliveries":2,"overflow":"dropOldest","maxLength":10}""")).Ok();
        Assert.False(changed["created"].GetBoolean());

        var view = (await cluster.Api.GetAsync(Path)).Ok();
        Assert.Equal(_name, view["name"].GetString());
        Assert.Equal((1, 0, 0, 0), Counts(view));
        Assert.Equal("dropOldest", view["configuration"].GetProperty("overflow").GetString());
        Assert.Equal(10, view["readyByPriority"].GetArrayLength());
        Assert.True(view["oldestAgeMs"].GetInt64() >= 0);
        Assert.Contains((await cluster.Api.GetAsync($"{Routes.Queues}?prefix=jobs%2F&limit=1000")).Ok()["items"].EnumerateArray(), item => item.GetProperty("name").GetString() == _name);
    }

    [Fact]
    public async Task Rates_OfAQueueThatIsNew_CountWhatCameBeforeAnybodyLooked()
    {
        await PutAsync();
        await SendAsync("""{"body":1}""", """{"body":2}""");

        await Eventually.HoldsAsync(async () => (await cluster.Api.GetAsync(Path)).Ok()["rates"].GetProperty("enqueued").GetDouble() > 0);
    }

    [Fact]
    public async Task Request_OfWhichNothingIsRequired_NeedsNoBody()
    {
        (await cluster.Api.SendAsync(HttpMethod.Put, Path)).Ok();
        await SendAsync("""{"body":1}""");

        Assert.Single(Messages((await cluster.Api.PostAsync($"{Path}/dequeue")).Ok()));
        Assert.Equal(0, (await cluster.Api.PostAsync($"{Path}/redrive")).Ok()["moved"].GetInt32());
        (await cluster.Api.PostAsync($"{Path}/purge")).Problem(HttpStatusCode.BadRequest, ErrorCodes.MalformedBody, "body");
    }

    [Fact]
    public async Task Overflow_SpelledWithAHyphen_IsTheSame() =>
        Assert.Equal("dropOldest", (await cluster.Api.PutAsync(Path, """{"overflow":"drop-oldest"}""")).Ok()["configuration"].GetProperty("overflow").GetString());

    [Fact]
    public async Task Dequeue_MessagesOfSeveralPriorities_GivesTheHighestFirstWithEverythingThatWasSent()
    {
        await PutAsync();
        await SendAsync(
            """{"body":{"n":1,"text":"£"},"headers":{"kind":"a"}}""", """{"body":null,"priority":9,"dedupId":"d"}""", """{"body":[3],"priority":9}""");

        var messages = Messages((await DequeueAsync("""{"max":10,"visibilityMs":60000,"consumer":"worker-1"}""")).Ok());

        Assert.Equal(["null", "[3]", """{"n":1,"text":"£"}"""], messages.Select(message => message.GetProperty("body").GetRawText()));
        Assert.Equal([9, 9, 0], messages.Select(message => message.GetProperty("priority").GetInt32()));
        Assert.Equal("a", messages[2].GetProperty("headers").GetProperty("kind").GetString());
        Assert.All(messages, message => Assert.Equal(1, message.GetProperty("deliveries").GetInt32()));
        var consumer = Assert.Single((await cluster.Api.GetAsync(Path)).Ok()["consumers"].EnumerateArray());
        Assert.Equal(("worker-1", 3), (consumer.GetProperty("name").GetString(), consumer.GetProperty("inFlight").GetInt32()));
    }

    [Fact]
    public async Task Ack_TwiceAndTogetherWithAnother_CountsOnceAndNamesTheStaleReceipt()
    {
        await PutAsync();
        await SendAsync("""{"body":1}""", """{"body":2}""");
        var receipts = Receipts((await DequeueAsync("""{"max":2}""")).Ok());

        Assert.Equal(1, (await PostAsync("ack", new { receipts = receipts[..1] })).Ok()["count"].GetInt32());
        var second = (await PostAsync("ack", new { receipts })).Ok();
        Assert.Equal(1, second["count"].GetInt32());
        Assert.Equal(receipts[0], Assert.Single(second["stale"].EnumerateArray()).GetString());

        var refused = (await PostAsync("ack", new { receipts })).Problem(HttpStatusCode.Conflict, ErrorCodes.StaleReceipt);
        Assert.Equal(2, refused["stale"].GetArrayLength());
        var view = (await cluster.Api.GetAsync(Path)).Ok();
        Assert.Equal((0, 0, 0, 0), Counts(view));
        Assert.Equal(2, view["counters"].GetProperty("acked").GetInt32());
    }

    [Fact]
    public async Task Message_NotAckedInTime_IsDeliveredAgainAndDiesAfterMaxDeliveries()
    {
        (await cluster.Api.PutAsync(Path, """{"maxDeliveries":2,"visibilityMs":50}""")).Ok();
        await SendAsync("""{"body":"poison"}""");
        var first = Messages((await DequeueAsync("""{"waitMs":5000}""")).Ok()).Single();
        var second = Messages((await DequeueAsync("""{"waitMs":5000}""")).Ok()).Single();

        Assert.Equal(first.GetProperty("id").GetInt64(), second.GetProperty("id").GetInt64());
        Assert.Equal(2, second.GetProperty("deliveries").GetInt32());
        (await PostAsync("extend", new { receipts = new[] { first.GetProperty("receipt").GetString() } }))
            .Problem(HttpStatusCode.Conflict, ErrorCodes.StaleReceipt);
        await Eventually.HoldsAsync(async () => Counts((await cluster.Api.GetAsync(Path)).Ok()) == (0, 0, 0, 1));

        var dead = Assert.Single((await cluster.Api.GetAsync($"{Path}/messages?state=dead")).Ok()["items"].EnumerateArray());
        Assert.Equal(("dead", 2), (dead.GetProperty("state").GetString(), dead.GetProperty("deliveries").GetInt32()));
        Assert.Equal(1, (await PostAsync("redrive", new { max = 10 })).Ok()["moved"].GetInt32());
        Assert.Equal(1, Messages((await DequeueAsync("{}")).Ok()).Single().GetProperty("deliveries").GetInt32());
    }

    [Fact]
    public async Task Dequeue_OfAnEmptyQueue_WaitsForTheNextMessageInTurn()
    {
        await PutAsync();
        var first = DequeueAsync("""{"waitMs":60000,"consumer":"first"}""");
        await WaitersAsync(1);
        var second = DequeueAsync("""{"waitMs":60000,"consumer":"second"}""");
        await WaitersAsync(2);

        await SendAsync("""{"body":1}""", """{"body":2}""");

        Assert.Equal(1, Messages((await first).Ok()).Single().GetProperty("body").GetInt32());
        Assert.Equal(2, Messages((await second).Ok()).Single().GetProperty("body").GetInt32());
        Assert.Empty(Messages((await DequeueAsync("""{"waitMs":20}""")).Ok()));
    }

    [Fact]
    public async Task Dequeue_ByACallerThatLeaves_IsWithdrawn()
    {
        await PutAsync();
        using var leave = new CancellationTokenSource();
        var waiting = cluster.Api.SendAsync(HttpMethod.Post, $"{Path}/dequeue", ApiClient.Json("""{"waitMs":60000}"""), [], leave.Token);
        await WaitersAsync(1);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await WaitersAsync(0);
    }

    [Fact]
    public async Task Enqueue_WithIdempotencyKeyAgain_EnqueuesOnce()
    {
        await PutAsync();
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        var first = (await cluster.Api.PostAsync($"{Path}/messages", """{"messages":[{"body":1}]}""", key)).Ok();
        var again = (await cluster.Api.PostAsync($"{Path}/messages", """{"messages":[{"body":1}]}""", key)).Ok();

        Assert.Equal(first.Text, again.Text);
        Assert.Equal((1, 0, 0, 0), Counts((await cluster.Api.GetAsync(Path)).Ok()));
    }

    [Fact]
    public async Task Enqueue_KnownDedupId_AnswersTheFirstMessage()
    {
        await PutAsync();
        var first = (await SendAsync("""{"body":1,"dedupId":"order-7"}"""))["messages"][0];
        var second = (await SendAsync("""{"body":2,"dedupId":"order-7"}"""))["messages"][0];

        Assert.True(second.GetProperty("duplicate").GetBoolean());
        Assert.Equal(first.GetProperty("id").GetInt64(), second.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Enqueue_IntoAFullQueue_IsRefusedWhole()
    {
        (await cluster.Api.PutAsync(Path, """{"maxLength":2}""")).Ok();
        await SendAsync("""{"body":1}""");

        var refused = (await cluster.Api.PostAsync($"{Path}/messages", """{"messages":[{"body":2},{"body":3}]}"""))
            .Problem(HttpStatusCode.Conflict, ErrorCodes.QueueFull);

        Assert.Equal((1, 2), (refused["limits"].GetProperty("length").GetInt32(), refused["limits"].GetProperty("maxLength").GetInt32()));
        Assert.Equal((1, 0, 0, 0), Counts((await cluster.Api.GetAsync(Path)).Ok()));
    }

    [Fact]
    public async Task Browse_PageByPage_ShowsAllInOrderAndConsumesNothing()
    {
        await PutAsync();
        await SendAsync([.. Enumerable.Range(0, 7).Select(number => $$"""{"body":{{number}},"priority":{{number % 2}}}""")]);
        await SendAsync("""{"body":"later","delayMs":600000}""");

        var seen = new List<int>();
        string? cursor = null;
        do
        {
            var page = (await cluster.Api.GetAsync($"{Path}/messages?state=ready&limit=3{(cursor is null ? "" : $"&cursor={cursor}")}")).Ok();
            seen.AddRange(page["items"].EnumerateArray().Select(item => item.GetProperty("body").GetInt32()));
            cursor = page["nextCursor"].GetString();
        }
        while (cursor is not null);

        Assert.Equal([1, 3, 5, 0, 2, 4, 6], seen);
        Assert.Equal("later", Assert.Single((await cluster.Api.GetAsync($"{Path}/messages?state=delayed")).Ok()["items"].EnumerateArray()).GetProperty("body").GetString());
        Assert.Equal((7, 1, 0, 0), Counts((await cluster.Api.GetAsync(Path)).Ok()));
    }

    [Fact]
    public async Task PurgeRequeueAndDelete_DoWhatTheySay()
    {
        await PutAsync();
        await SendAsync("""{"body":1}""", """{"body":2}""", """{"body":3}""", """{"body":4,"delayMs":600000}""");
        var purged = (await PostAsync("purge", new { state = "ready", max = 1 })).Ok();
        Assert.Equal((1, 2), (purged["purged"].GetInt32(), purged["remaining"].GetInt32()));
        Assert.Equal(1, (await PostAsync("requeue", new { state = "delayed" })).Ok()["moved"].GetInt32());
        await DequeueAsync("""{"max":2}""");
        Assert.Equal(2, (await PostAsync("requeue", new { state = "inflight" })).Ok()["moved"].GetInt32());
        Assert.Equal(3, (await PostAsync("purge", new { state = "ready" })).Ok()["purged"].GetInt32());
        Assert.Equal(0, (await cluster.Api.DeleteAsync(Path)).Ok()["messages"].GetInt32());
        (await cluster.Api.GetAsync(Path)).Problem(HttpStatusCode.NotFound, ErrorCodes.QueueNotFound);
        (await DequeueAsync("{}")).Problem(HttpStatusCode.NotFound, ErrorCodes.QueueNotFound);
    }

    [Theory]
    [InlineData("", """{"maxDeliveries":0}""", "maxDeliveries")]
    [InlineData("", """{"visibilityMs":-1}""", "visibilityMs")]
    [InlineData("", """{"overflow":"explode"}""", "overflow")]
    [InlineData("/messages", """{"messages":[]}""", "messages")]
    [InlineData("/messages", """{"messages":[{"body":1},{"priority":1}]}""", "messages[1].body")]
    [InlineData("/messages", """{"messages":[{"body":1,"priority":10}]}""", "messages[0].priority")]
    [InlineData("/messages", """{"messages":[{"body":1,"delayMs":-5}]}""", "messages[0].delayMs")]
    [InlineData("/messages", """{"messages":[{"body":1,"headers":{"a":1}}]}""", "messages[0].headers.a")]
    [InlineData("/dequeue", """{"max":0}""", "max")]
    [InlineData("/dequeue", """{"waitMs":600001}""", "waitMs")]
    [InlineData("/ack", """{"receipts":[]}""", "receipts")]
    [InlineData("/ack", """{"receipts":["7-1","x"]}""", "receipts[1]")]
    [InlineData("/nack", """{"receipts":["7-1"],"delayMs":-1}""", "delayMs")]
    [InlineData("/purge", """{"state":"everything"}""", "state")]
    [InlineData("/requeue", """{"state":"dead"}""", "state")]
    [InlineData("/redrive", """{"max":0}""", "max")]
    public async Task Request_OutOfRange_NamesTheField(string action, string body, string field)
    {
        var method = action.Length == 0 ? HttpMethod.Put : HttpMethod.Post;
        (await cluster.Api.SendAsync(method, Path + action, ApiClient.Json(body))).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, field);
    }

    [Fact]
    public async Task Metrics_OfAQueue_CountItsMessages()
    {
        await PutAsync();
        await SendAsync("""{"body":1}""");

        var text = (await cluster.Api.GetAsync(Routes.Metrics)).Ok().Text;

        Assert.Contains($"quorate_queue_messages{{queue=\"{_name}\",state=\"ready\"}} 1\n", text, StringComparison.Ordinal);
        Assert.Contains($"quorate_queue_enqueued_total{{queue=\"{_name}\"}} 1\n", text, StringComparison.Ordinal);
    }

    private async Task PutAsync() => (await cluster.Api.PutAsync(Path, "{}")).Ok();

    private async Task<Answer> SendAsync(params string[] messages) =>
        (await cluster.Api.PostAsync($"{Path}/messages", $$"""{"messages":[{{string.Join(',', messages)}}]}""")).Ok();

    private Task<Answer> DequeueAsync(string body) => cluster.Api.PostAsync($"{Path}/dequeue", body);

    private Task<Answer> PostAsync(string action, object body) => cluster.Api.PostAsync($"{Path}/{action}", JsonSerializer.Serialize(body));

    private Task WaitersAsync(int count) => Eventually.HoldsAsync(
        async () => (await cluster.Api.GetAsync(Path)).Ok()["waiting"].GetInt32() == count);

    private static JsonElement[] Messages(Answer answer) => [.. answer["messages"].EnumerateArray()];

    private static string[] Receipts(Answer answer) => [.. Messages(answer).Select(message => message.GetProperty("receipt").GetString()!)];

    private static (int Ready, int Delayed, int InFlight, int Dead) Counts(Answer view) => (
        view["ready"].GetInt32(), view["delayed"].GetInt32(), view["inFlight"].GetInt32(), view["dead"].GetInt32());
}
