using System.Text.Json;
using Deque.AxeCore.Playwright;
using Quorate.Contracts.Elections;
using Quorate.Contracts.Locks;
using Quorate.Contracts.Queues;

namespace Quorate.EndToEnd;

/// <summary>axe finds nothing serious or critical on any page, panel or dialog.</summary>
[Collection(SharedCollection.Name)]
public sealed class AccessibilityTests(SharedGateway shared, Chromium browser)
{
    private static readonly string[] Grave = ["serious", "critical"];

    private readonly Gateway _gateway = shared.Gateway;

    public static TheoryData<string> Schemes => [Look.Light.Name, Look.Dark.Name];

    [BrowserTheory, MemberData(nameof(Schemes))]
    public async Task Pages_checkedByAxe_haveNoGraveViolations(string scheme)
    {
        await _gateway.PutAsync("axe/key", new { a = 1 });
        await _gateway.Client.AcquireLockAsync("axe/lock", new AcquireLockRequest("erin", TtlMs: 300_000));
        await using var tab = await browser.OpenAsync(_gateway, "/", scheme == Look.Dark.Name ? Look.Dark : Look.Light);
        await CheckAsync(tab, "overview");

        await tab.TestId("command-palette-open").ClickAsync();
        await Expect(tab.TestId("palette-input")).ToBeFocusedAsync();
        await CheckAsync(tab, "command palette");

        await tab.GoAsync("/topology?node=n1");
        await Expect(tab.TestId("node-panel")).ToBeVisibleAsync();
        await CheckAsync(tab, "topology with panel");

        await tab.TestId("node-stop-n2").ClickAsync();
        await Expect(tab.TestId("confirm-input")).ToBeFocusedAsync();
        await CheckAsync(tab, "confirmation dialog");

        await _gateway.Client.PutQueueAsync("axe/queue", new QueueConfiguration());
        await _gateway.Client.EnqueueAsync("axe/queue", [new NewQueueMessage(JsonSerializer.SerializeToElement(1))]);
        await tab.GoAsync("/queues");
        await Expect(tab.TestId("queue-row").First).ToBeVisibleAsync();
        await CheckAsync(tab, "queues");
        await tab.GoAsync("/queues/detail?queue=axe/queue");
        await Expect(tab.TestId("queue-message").First).ToBeVisibleAsync();
        await CheckAsync(tab, "queue");
        await tab.TestId("queue-purge").ClickAsync();
        await Expect(tab.TestId("queue-act-count")).ToBeVisibleAsync();
        await CheckAsync(tab, "purge dialog");

        await tab.GoAsync("/locks?lock=axe/lock");
        await Expect(tab.TestId("lock-holder")).ToBeVisibleAsync();
        await CheckAsync(tab, "locks with panel");

        await tab.GoAsync("/locks?filter=nothing-like-this");
        await Expect(tab.TestId("empty-state")).ToBeVisibleAsync();
        await CheckAsync(tab, "locks, nothing found");

        await tab.GoAsync("/kv?prefix=axe/&key=axe/key");
        await Expect(tab.TestId("kv-editor")).ToBeVisibleAsync();
        await CheckAsync(tab, "key-value with panel");

        await tab.TestId("kv-history-row").First.GetByRole(AriaRole.Button).ClickAsync();
        await CheckAsync(tab, "key-value with history");

        await _gateway.Client.CreateCollectionAsync("axe");
        await _gateway.Client.PutDocumentAsync("axe", "one", JsonSerializer.SerializeToElement(1));
        await tab.GoAsync("/documents?collection=axe&key=one");
        await Expect(tab.TestId("document-editor")).ToBeVisibleAsync();
        await CheckAsync(tab, "documents with panel");
        await tab.GoAsync("/replication");
        await Expect(tab.TestId("sync-last")).ToBeVisibleAsync();
        await CheckAsync(tab, "replication");

        await _gateway.Client.CampaignAsync("axe/election", new CampaignRequest("erin", TtlMs: 300_000));
        await tab.GoAsync("/elections?election=axe/election");
        await Expect(tab.TestId("election-leader")).ToBeVisibleAsync();
        await CheckAsync(tab, "elections with panel");

        await _gateway.Client.PublishEventAsync("axe.event", System.Text.Json.JsonSerializer.SerializeToElement(1));
        await tab.GoAsync("/events");
        await Expect(tab.TestId("bus-event").First).ToBeVisibleAsync();
        await CheckAsync(tab, "events");

        await tab.GoAsync("/events?view=statistics");
        await Expect(tab.TestId("event-statistics")).ToBeVisibleAsync();
        await CheckAsync(tab, "event statistics");

        await tab.GoAsync("/events?view=routing");
        await tab.TestId("event-rule-add").ClickAsync();
        await CheckAsync(tab, "event routing");

        await _gateway.Client.PutCachedAsync("axe:key", System.Text.Json.JsonSerializer.SerializeToElement(1));
        await tab.GoAsync("/cache?key=axe:key");
        await Expect(tab.TestId("cache-value")).ToBeVisibleAsync();
        await CheckAsync(tab, "cache with panel");

        await _gateway.Client.ForceReleaseLockAsync("axe/lock");
    }

    private static async Task CheckAsync(Tab tab, string page)
    {
        var result = await tab.Page.RunAxe();
        var grave = result.Violations.Where(violation => Grave.Contains(violation.Impact))
            .SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {violation.Help}: {node.Html}"))
            .ToList();
        Assert.True(grave.Count == 0, $"{page}:\n{string.Join('\n', grave)}");
    }
}
