using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Live;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Live;

/// <summary>A subscriber that goes on at a gateway which was not there when things happened: it misses nothing that is kept.</summary>
public sealed class FreshGatewayTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private ClusterFixture _first = null!;
    private ClusterFixture? _second;

    public async Task InitializeAsync() => _first = await ClusterFixture.StartAsync();

    public async Task DisposeAsync()
    {
        if (_second is not null)
        {
            await _second.DisposeAsync();
        }

        await _first.DisposeAsync();
    }

    [Fact]
    public async Task KvWatch_ResumedFromBeforeTheGatewayBegan_GetsEveryChangeOnceAndInOrder()
    {
        var from = await PutAsync("a/kept", 0);
        var expected = new List<(string, string, int?)>();
        for (var i = 1; i <= 25; i++)
        {
            await PutAsync("a/often", i);
            await PutAsync("elsewhere", i);
            expected.Add(("a/often", KeyChangeKinds.Put, i));
        }

        (await _first.Api.DeleteAsync(Routes.Key("a/kept"))).Ok();
        expected.Add(("a/kept", KeyChangeKinds.Deleted, null));
        var gateway = await AnotherAsync();
        await PutAsync("a/new", 7);
        expected.Add(("a/new", KeyChangeKinds.Put, 7));

        Assert.Equal(expected, await ChangesAsync(gateway, Topics.KvWatch + "a/", from, expected.Count));
    }

    [Fact]
    public async Task KvWatch_MoreThanOneMessage_IsToldToTheEnd()
    {
        var from = await PutAsync("b/first", 0);
        for (var batch = 0; batch < 3; batch++)
        {
            var operations = Enumerable.Range(0, 400).Select(i => $$"""{"op":"put","key":"b/{{batch}}/{{i:000}}","value":{{i}}}""");
            (await _first.Api.PostAsync(Routes.Batch, $$"""{"operations":[{{string.Join(",", operations)}}]}""")).Ok();
        }

        var gateway = await AnotherAsync();

        var changes = await ChangesAsync(gateway, Topics.KvWatch + "b/", from, 1200);
        Assert.Equal(Enumerable.Range(0, 1200).Select(i => $"b/{i / 400}/{i % 400:000}"), changes.Select(change => change.Key));
    }

    [Fact]
    public async Task KvWatch_OneKeyChangedTooOften_SaysSoAndBeginsAnew()
    {
        var from = await PutAsync("c/busy", 0);
        for (var i = 1; i <= 100; i++)
        {
            await PutAsync("c/busy", i);
        }

        var gateway = await AnotherAsync();
        using var limit = new CancellationTokenSource(Limit);
        var topic = Topics.KvWatch + "c/";
        var kinds = new List<string>();
        await foreach (var message in Feed(gateway).Subscribe([topic], new Dictionary<string, long> { [topic] = from }, limit.Token))
        {
            kinds.Add(message.Kind);
            if (kinds.Count == 2)
            {
                Assert.Equal(100, Assert.Single(message.Payload.Deserialize<KvWatchPayload>(ContractJson.Options)!.Items).Value!.Value.GetInt32());
                break;
            }
        }

        Assert.Equal([LiveKinds.Missed, LiveKinds.Snapshot], kinds);
    }

    [Fact]
    public async Task Events_ResumedFromBeforeTheGatewayBegan_AreReplayed()
    {
        var first = await PublishAsync(0);
        for (var i = 1; i <= 10; i++)
        {
            await PublishAsync(i);
        }

        var gateway = await AnotherAsync();
        await PublishAsync(11);

        using var limit = new CancellationTokenSource(Limit);
        const string Topic = Topics.Bus + "orders.*";
        var seen = new List<int>();
        await foreach (var message in Feed(gateway).Subscribe([Topic], new Dictionary<string, long> { [Topic] = first }, limit.Token))
        {
            Assert.Equal(LiveKinds.Delta, message.Kind);
            seen.AddRange(message.Payload.Deserialize<BusPayload>(ContractJson.Options)!.Events.Select(each => each.Payload.GetInt32()));
            if (seen.Count >= 11)
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(1, 11), seen);
    }

    private async Task<Uri> AnotherAsync()
    {
        _second = await ClusterFixture.JoinAsync(_first);
        return _second.Address;
    }

    private async Task<long> PutAsync(string key, int value) =>
        (await _first.Api.PutAsync(Routes.Key(key), $$"""{"value":{{value}}}""")).Ok()["revision"].GetInt64();

    private async Task<long> PublishAsync(int value) =>
        (await _first.Api.PostAsync(Routes.EventsOf("orders.created"), $$"""{"payload":{{value}}}""")).Ok()["id"].GetInt64();

    private static LiveFeed Feed(Uri gateway) => new(new LiveFeedOptions { GatewayUrl = () => gateway });

    private static async Task<List<(string Key, string Change, int? Value)>> ChangesAsync(Uri gateway, string topic, long from, int count)
    {
        using var limit = new CancellationTokenSource(Limit);
        var (seen, version) = (new List<(string, string, int?)>(), from);
        await foreach (var message in Feed(gateway).Subscribe([topic], new Dictionary<string, long> { [topic] = from }, limit.Token))
        {
            Assert.Equal(LiveKinds.Delta, message.Kind);
            var changes = message.Payload.Deserialize<KvWatchPayload>(ContractJson.Options)!.Changes;
            Assert.All(changes, change => Assert.InRange(change.Revision, version + 1, message.Version));
            version = message.Version;
            seen.AddRange(changes.Select(change => (change.Key, change.Change, change.Item?.Value?.GetInt32())));
            if (seen.Count >= count)
            {
                break;
            }
        }

        return seen;
    }
}
