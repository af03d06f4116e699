using System.Text.RegularExpressions;
using Quorate.Client;
using Quorate.Contracts.Locks;
using Quorate.Contracts.Problems;

namespace Quorate.EndToEnd;

[Collection(SharedCollection.Name)]
public sealed class OverviewTests(SharedGateway shared, Chromium browser)
{
    private readonly Gateway _gateway = shared.Gateway;

    [BrowserFact]
    public async Task Overview_ofAHealthyCluster_saysSoInOneSentence()
    {
        var leader = await _gateway.LeaderAsync();
        await using var tab = await browser.OpenAsync(_gateway, "/");
        await Expect(tab.QuorumSentence).ToHaveTextAsync(new Regex(
            $@"^\s*3 of 3 voters healthy, survives 1 failure, leader {leader} since \d\d:\d\d, term \d+\s*$"));
        await Expect(tab.QuorumSentence).ToHaveAttributeAsync("data-severity", "healthy");
        await Expect(tab.TestId("fault-tolerance")).ToContainTextAsync("1");
        await Expect(tab.TestId("leader-tile")).ToContainTextAsync(leader);
        await Expect(tab.TestId("quorum-tile")).ToContainTextAsync("3 of 3");
    }

    [BrowserFact]
    public async Task Throughput_whileKeysAreWritten_rises()
    {
        await using var tab = await browser.OpenAsync(_gateway, "/");
        var writes = tab.TestId("throughput-tile").Locator("summary b").First;
        var stop = false;
        var writing = Task.Run(async () =>
        {
            for (var count = 0; !Volatile.Read(ref stop); count++)
            {
                await _gateway.PutAsync("throughput/key", count);
            }
        });

        await Deadlines.EventuallyAsync(
            async () => Figure(await writes.InnerTextAsync()) >= 10, "the overview shows 10 writes a second or more");
        Volatile.Write(ref stop, true);
        await writing;
        await Deadlines.EventuallyAsync(
            async () => Figure(await writes.InnerTextAsync()) < 10, "the overview shows less than 10 writes a second again");
    }

    [BrowserFact]
    public async Task Deadlock_madeOverRest_isRefusedAndListed()
    {
        await using var tab = await browser.OpenAsync(_gateway, "/");
        var client = _gateway.Client;
        await client.AcquireLockAsync("cycle/left", new AcquireLockRequest("ann", TtlMs: 60_000));
        await client.AcquireLockAsync("cycle/right", new AcquireLockRequest("ben", TtlMs: 60_000));
        var waiting = client.AcquireLockAsync("cycle/right", new AcquireLockRequest("ann", WaitMs: 60_000));
        await Deadlines.EventuallyAsync(
            async () => (await client.GetLockAsync("cycle/right")).Waiters.Count == 1, "ann waits for the right lock");

        var refused = await Assert.ThrowsAsync<QuorateException>(
            () => client.AcquireLockAsync("cycle/left", new AcquireLockRequest("ben", WaitMs: 60_000)));
        Assert.Equal(ErrorCodes.Deadlock, refused.Code);

        var listed = tab.Page.Locator("[data-testid='event-row'][data-topic='system.lock.deadlock']").Filter(new() { HasText = "cycle/left" });
        await Expect(listed).ToContainTextAsync("Deadlock broken: ben was refused cycle/left");
        await Expect(listed).ToContainTextAsync("ann waits for ben at cycle/right");

        await client.ForceReleaseLockAsync("cycle/right");
        await waiting;
    }

    /// <summary>The number in a figure such as <c>1 234 /s</c>.</summary>
    private static double Figure(string text) =>
        double.TryParse(Regex.Replace(text, @"[^\d.]", ""), System.Globalization.CultureInfo.InvariantCulture, out var figure) ? figure : 0;
}
