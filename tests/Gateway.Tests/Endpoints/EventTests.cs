using System.Net;
using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Events;
using Quorate.Contracts.Live;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

/// <summary>The event bus. Routing rules concern everybody, so this cluster is not shared.</summary>
public sealed class EventTests : IClassFixture<ClusterFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ClusterFixture _cluster;
    private readonly QuorateClient _client;
    private readonly string _root = $"t{Guid.NewGuid():N}";

    public EventTests(ClusterFixture cluster)
    {
        _cluster = cluster;
        _client = new QuorateClient(new HttpClient { BaseAddress = cluster.Address });
    }

    public Task InitializeAsync() => _client.PutEventRoutingAsync([]);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Publish_ToTheCluster_IsKeptAndListedByPattern()
    {
        var first = await PublishAsync("order.created", 1);
        var second = await PublishAsync("order.paid", 2);
        await PublishAsync("stock.low", 3);

        var all = await _client.ListEventsAsync($"{_root}.order.#");
        var later = await _client.ListEventsAsync($"{_root}.#", after: first.Id, limit: 1);

        Assert.Equal([first.Id, second.Id], all.Items.Select(item => item.Id));
        Assert.Equal(second.Id, Assert.Single(later.Items).Id);
        Assert.NotNull(later.NextCursor);
        Assert.Equal("stock.low", (await _client.ListEventsAsync($"{_root}.#", cursor: later.NextCursor)).Items.Single().Topic[(_root.Length + 1)..]);
        Assert.Equal((EventScopes.Cluster, 1, "test"), (all.Items[0].Scope, all.Items[0].Payload.GetInt32(), all.Items[0].Reason));
    }

    [Fact]
    public async Task Subscribe_ResumedFromAnId_GetsEachEventOnceAcrossReconnects()
    {
        var topic = $"{Topics.Bus}{_root}.*.paid";
        var start = (await PublishAsync("start", 0)).Id!.Value;
        var expected = new List<long>();
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                expected.Add((await PublishAsync($"o{i % 3}.paid", i)).Id!.Value);
                await PublishAsync($"o{i % 3}.sent", i);
            }
        });

        var seen = new List<long>();
        var version = start;
        using var limit = new CancellationTokenSource(Limit);
        while (seen.Count < 200)
        {
            var left = 2;
            await foreach (var message in Feed().Subscribe([topic], new Dictionary<string, long> { [topic] = version }, limit.Token))
            {
                Assert.Equal(LiveKinds.Delta, message.Kind);
                seen.AddRange(Payload(message).Events.Select(item => item.Id!.Value));
                version = message.Version;
                if (--left == 0 || seen.Count >= 200)
                {
                    break;
                }
            }
        }

        await publishing;
        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task Publish_Local_ReachesThoseWhoListenNowAndIsNotKept()
    {
        var topic = $"{Topics.Bus}{_root}.#";
        using var limit = new CancellationTokenSource(Limit);
        await using var messages = Feed().Subscribe([topic], cancellation: limit.Token).GetAsyncEnumerator(limit.Token);
        Assert.True(await messages.MoveNextAsync());
        Assert.Equal(LiveKinds.Snapshot, messages.Current.Kind);
        Assert.True((await _client.GetEventStatisticsAsync()).Subscribers >= 1);

        var published = await PublishAsync("here", 7, EventScopes.Local);
        Assert.True(await messages.MoveNextAsync());

        Assert.Null(published.Id);
        var item = Assert.Single(Payload(messages.Current).Events);
        Assert.Equal((EventScopes.Local, $"{_root}.here", 7), (item.Scope, item.Topic, item.Payload.GetInt32()));
        Assert.Empty((await _client.ListEventsAsync($"{_root}.#")).Items);
        Assert.True((await _client.GetEventStatisticsAsync()) is { LocalPublished: >= 1, Delivered: >= 1 });
    }

    [Theory]
    [InlineData(EventScopes.Cluster)]
    [InlineData(EventScopes.Local)]
    public async Task Routing_ForwardsAndDrops(string scope)
    {
        var routing = await _client.PutEventRoutingAsync(
        [
            new($"{_root}.a.*", EventRuleActions.Forward, $"{_root}.copy"),
            new($"{_root}.a.secret", EventRuleActions.Drop),
            new($"{_root}.#", EventRuleActions.Forward, $"{_root}.late"),
        ]);

        var open = await PublishAsync("a.open", 1, scope);
        var secret = await PublishAsync("a.secret", 2, scope);

        Assert.Equal((false, 2), (open.Dropped, open.Forwarded));
        Assert.Equal((true, 1), (secret.Dropped, secret.Forwarded));
        Assert.Equal(routing.Version, (await _client.GetEventRoutingAsync()).Version);
        if (scope == EventScopes.Cluster)
        {
            var kept = (await _client.ListEventsAsync($"{_root}.#")).Items;
            Assert.Equal(["a.open", "copy", "late", "copy"], kept.Select(item => item.Topic[(_root.Length + 1)..]));
            Assert.Equal($"{_root}.a.secret", kept[3].From);
        }
    }

    [Fact]
    public async Task Routing_WithAnOldVersion_IsRefused()
    {
        var routing = await _client.PutEventRoutingAsync([]);
        await _client.PutEventRoutingAsync([], ifVersion: routing.Version);

        var error = await Assert.ThrowsAsync<QuorateException>(() => _client.PutEventRoutingAsync([], ifVersion: routing.Version));

        Assert.Equal(ErrorCodes.RevisionMismatch, error.Code);
    }

    [Fact]
    public async Task Statistics_CountWhatHappened()
    {
        var before = await _client.GetEventStatisticsAsync();
        await PublishAsync("counted", 1);
        await PublishAsync("counted", 2);

        var after = await _client.GetEventStatisticsAsync();

        Assert.Equal(before.Published + 2, after.Published);
        Assert.Equal(before.LastId + 2, after.LastId);
        Assert.True(after.PerSecond > 0);
        Assert.Equal(2, after.Topics.Single(topic => topic.Topic == $"{_root}.counted").Published);
    }

    [Theory]
    [InlineData("POST", "/a..b", """{"payload":1}""", "topic")]
    [InlineData("POST", "/a.%2A", """{"payload":1}""", "topic")]
    [InlineData("POST", "/system.mine", """{"payload":1}""", "topic")]
    [InlineData("POST", "/a", """{}""", "payload")]
    [InlineData("POST", "/a", """{"payload":1,"scope":"world"}""", "scope")]
    [InlineData("PUT", ":routing", """{}""", "rules")]
    [InlineData("PUT", ":routing", """{"rules":[null]}""", "rules[0]")]
    [InlineData("PUT", ":routing", """{"rules":[{"pattern":"#.a","action":"drop"}]}""", "rules[0].pattern")]
    [InlineData("PUT", ":routing", """{"rules":[{"pattern":"#","action":"keep"}]}""", "rules[0].action")]
    [InlineData("PUT", ":routing", """{"rules":[{"pattern":"#","action":"forward"}]}""", "rules[0].target")]
    [InlineData("PUT", ":routing", """{"rules":[{"pattern":"#","action":"drop","target":"a"}]}""", "rules[0].target")]
    [InlineData("GET", "?pattern=a*", null, "pattern")]
    [InlineData("GET", "?after=x", null, "after")]
    public async Task Request_Invalid_IsRefusedByName(string method, string path, string? body, string field) =>
        (await _cluster.Api.SendAsync(new HttpMethod(method), Routes.Events + path, body is null ? null : ApiClient.Json(body)))
            .Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, field);

    private Task<PublishEventResponse> PublishAsync(string topic, int payload, string? scope = null) =>
        _client.PublishEventAsync($"{_root}.{topic}", JsonSerializer.SerializeToElement(payload), scope, "test");

    private LiveFeed Feed() => new(new LiveFeedOptions { GatewayUrl = () => _cluster.Address });

    private static BusPayload Payload(LiveMessage message) => message.Payload.Deserialize<BusPayload>(ContractJson.Options)!;
}
