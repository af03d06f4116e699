using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Live;
using Quorate.Gateway.Live;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Live;

/// <summary>A watch sees every change once and in order, whatever happens to its connection.</summary>
[Collection(ClusterCollection.Name)]
public sealed class KvWatchTests(ClusterFixture cluster)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _prefix = $"watch-{Guid.NewGuid():N}/";

    [Fact]
    public async Task Watch_UnderWritesAndReconnects_SeesEveryChangeOnceAndInOrder()
    {
        const int Writers = 4;
        const int Writes = 150;
        var topic = Topics.KvWatch + _prefix;
        var from = (await cluster.Api.PutAsync(Routes.Key(_prefix + "first"), """{"value":0}""")).Ok()["revision"].GetInt64();
        var written = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(writer, Writes)));

        var seen = new List<KvWatchChange>();
        var version = from;
        var reconnects = 0;
        using var limit = new CancellationTokenSource(Limit);
        while (seen.Count < Writers * Writes)
        {
            using var connection = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
            var left = 1 + (reconnects % 4);
            await foreach (var message in Feed().Subscribe([topic], new Dictionary<string, long> { [topic] = version }, connection.Token))
            {
                Assert.Equal(LiveKinds.Delta, message.Kind);
                Assert.True(message.Version > version);
                var changes = Payload(message).Changes;
                Assert.All(changes, change => Assert.InRange(change.Revision, version + 1, message.Version));
                seen.AddRange(changes);
                version = message.Version;
                if (--left == 0 || seen.Count >= Writers * Writes)
                {
                    break;
                }
            }

            reconnects++;
        }

        var expected = (await written).SelectMany(each => each).OrderBy(each => each.Revision).ToList();
        Assert.True(reconnects > 2, "the connection was never lost");
        Assert.Equal(expected, seen.Select(change => (change.Revision, change.Key, change.Change, change.Item?.Value?.GetInt32())));
    }

    [Fact]
    public async Task Watch_WithoutResume_BeginsWithASnapshotOfThePrefix()
    {
        var revision = (await cluster.Api.PutAsync(Routes.Key(_prefix + "a"), """{"value":{"x":1}}""")).Ok()["revision"].GetInt64();

        var message = await FirstAsync(Topics.KvWatch + _prefix, null);

        Assert.Equal(LiveKinds.Snapshot, message.Kind);
        Assert.True(message.Version >= revision);
        var payload = Payload(message);
        var item = Assert.Single(payload.Items);
        Assert.Equal((_prefix + "a", revision, 1), (item.Key, item.Revision, item.Value!.Value.GetProperty("x").GetInt32()));
        Assert.Equal(1, payload.Total);
    }

    [Fact]
    public async Task Watch_FromARevisionThatIsStillToCome_SaysSoAndBeginsAnew()
    {
        await cluster.Api.PutAsync(Routes.Key(_prefix + "a"), """{"value":1}""");

        Assert.Equal(LiveKinds.Missed, (await FirstAsync(Topics.KvWatch + _prefix, long.MaxValue)).Kind);
    }

    [Fact]
    public async Task Watch_ABatchOfAThousand_StaysTogether()
    {
        var topic = Topics.KvWatch + _prefix;
        var from = (await cluster.Api.PutAsync(Routes.Key(_prefix + "first"), """{"value":0}""")).Ok()["revision"].GetInt64();
        var operations = string.Join(",", Enumerable.Range(0, 1000).Select(i => $$"""{"op":"put","key":"{{_prefix}}{{i}}","value":{{i}}}"""));
        (await cluster.Api.PostAsync(Routes.Batch, $$"""{"operations":[{{operations}}]}""")).Ok();

        var message = await FirstAsync(topic, from);

        Assert.Equal(1000, Payload(message).Changes.Count);
        Assert.Single(Payload(message).Changes.Select(change => change.Revision).Distinct());
    }

    [Fact]
    public async Task Watch_KeysOfOtherPrefixes_AreNotTold()
    {
        var topic = Topics.KvWatch + _prefix;
        var from = (await cluster.Api.PutAsync(Routes.Key("other" + _prefix), """{"value":0}""")).Ok()["revision"].GetInt64();
        await cluster.Api.PutAsync(Routes.Key(_prefix + "mine"), """{"value":1}""");

        Assert.Equal([_prefix + "mine"], Payload(await FirstAsync(topic, from)).Changes.Select(change => change.Key));
    }

    private async Task<List<(long Revision, string Key, string Change, int? Value)>> WriteAsync(int writer, int writes)
    {
        var done = new List<(long, string, string, int?)>();
        for (var i = 0; i < writes; i++)
        {
            // Few keys, so that changes of the same key follow each other closely and keys come and go.
            var key = $"{_prefix}{writer}/{i % 3}";
            if (i % 10 == 9)
            {
                done.Add(((await cluster.Api.DeleteAsync(Routes.Key($"{_prefix}{writer}/{(i - 1) % 3}"))).Ok()["revision"].GetInt64(), $"{_prefix}{writer}/{(i - 1) % 3}", KeyChangeKinds.Deleted, null));
            }
            else
            {
                done.Add(((await cluster.Api.PutAsync(Routes.Key(key), $$"""{"value":{{i}}}""")).Ok()["revision"].GetInt64(), key, KeyChangeKinds.Put, i));
            }
        }

        return done;
    }

    private async Task<LiveMessage> FirstAsync(string topic, long? resumeFrom)
    {
        using var limit = new CancellationTokenSource(Limit);
        var resume = resumeFrom is { } version ? new Dictionary<string, long> { [topic] = version } : null;
        await foreach (var message in Feed().Subscribe([topic], resume, limit.Token))
        {
            return message;
        }

        throw new InvalidOperationException("the feed ended");
    }

    private LiveFeed Feed() => new(new LiveFeedOptions { GatewayUrl = () => cluster.Address });

    private static KvWatchPayload Payload(LiveMessage message) => message.Payload.Deserialize<KvWatchPayload>(ContractJson.Options)!;
}
