using System.Net;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

/// <summary>More than can be carried is refused at once, and what is carried has a bound in bytes.</summary>
public sealed class OverloadTests
{
    private const int Large = 1_000_000;
    private const int Requests = 160;

    [Fact]
    public async Task Put_MoreBytesThanMayBeUnderWay_IsOverloadedWithRetryAfter()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        (await cluster.Api.PutAsync(Routes.Key("k"), """{"value":1}""")).Ok();

        // Nothing is committed any more, so that everything that is taken on stays under way.
        var stopped = cluster.Followers.ToList();
        stopped.ForEach(node => node.Stop());
        var body = $$"""{"value":"{{new string('x', Large)}}"}""";
        var answers = new List<Answer>();

        // A busy machine may give writes up as fast as it takes them on.
        await Eventually.HoldsAsync(async () =>
        {
            answers.AddRange(await Task.WhenAll(Enumerable.Range(0, Requests).Select(i => cluster.Api.PutAsync(Routes.Key($"k{i}"), body))));
            return answers.Exists(answer => answer.Status == HttpStatusCode.TooManyRequests);
        });

        var refused = answers.Where(answer => answer.Status == HttpStatusCode.TooManyRequests).ToList();
        Assert.All(refused, answer => Assert.True(answer.Problem(HttpStatusCode.TooManyRequests, ErrorCodes.Overloaded).Headers.RetryAfter!.Delta > TimeSpan.Zero));
        Assert.All(answers.Except(refused), answer => answer.Problem(HttpStatusCode.ServiceUnavailable, ErrorCodes.NoQuorum));

        stopped.ForEach(node => node.Start());
        await Eventually.HoldsAsync(async () => (await cluster.Api.GetAsync(Routes.Ready)).Status == HttpStatusCode.OK);
        await Eventually.HoldsAsync(() => cluster.Cluster.PendingWrites == 0);
        (await cluster.Api.PutAsync(Routes.Key("k"), body)).Ok();
    }
}
