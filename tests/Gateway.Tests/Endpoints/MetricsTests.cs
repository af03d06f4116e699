using Quorate.Contracts;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_QueueThatWasDeleted_AreGoneWhileOthersStay()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        foreach (var name in (string[])["short-lived", "lasting"])
        {
            (await cluster.Api.PutAsync(Routes.Queue(name), "{}")).Ok();
            (await cluster.Api.PostAsync($"{Routes.Queue(name)}/messages", """{"messages":[{"body":1}]}""")).Ok();
        }

        Assert.Contains("queue=\"short-lived\"", (await cluster.Api.GetAsync(Routes.Metrics)).Text, StringComparison.Ordinal);

        (await cluster.Api.DeleteAsync(Routes.Queue("short-lived"))).Ok();

        var after = (await cluster.Api.GetAsync(Routes.Metrics)).Text;
        Assert.DoesNotContain("short-lived", after, StringComparison.Ordinal);
        Assert.Contains("quorate_queue_enqueued_total{queue=\"lasting\"} 1\n", after, StringComparison.Ordinal);
    }
}
