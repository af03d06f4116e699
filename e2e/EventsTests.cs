using System.Text.Json;
using Quorate.Contracts.Events;

namespace Quorate.EndToEnd;

[Collection(SharedCollection.Name)]
public sealed class EventsTests(SharedGateway shared, Chromium browser)
{
    private readonly Gateway _gateway = shared.Gateway;

    [BrowserFact]
    public async Task Tail_pausedAndResumed_showsWhatCameMeanwhile()
    {
        await using var tab = await browser.OpenAsync(_gateway, "/events?pattern=tail.%23");
        await Expect(tab.TestId("empty-state")).ToBeVisibleAsync();
        await PublishAsync("tail.one", 1);
        await PublishAsync("other", 1);
        await Expect(tab.TestId("bus-event")).ToHaveCountAsync(1);

        await tab.TestId("event-pause").ClickAsync();
        await PublishAsync("tail.two", 2);
        await PublishAsync("tail.three", 3);
        await Expect(tab.TestId("event-new")).ToHaveTextAsync("2 new");
        await Expect(tab.TestId("bus-event")).ToHaveCountAsync(1);

        await tab.TestId("event-new").ClickAsync();
        await Expect(tab.TestId("bus-event")).ToHaveCountAsync(3);
        await Expect(tab.TestId("bus-event").First).ToHaveAttributeAsync("data-topic", "tail.three");
    }

    [BrowserFact]
    public async Task Event_publishedInTheDialog_isRoutedAndCounted()
    {
        await using var tab = await browser.OpenAsync(_gateway, "/events?view=routing");
        await tab.TestId("event-rule-add").ClickAsync();
        await tab.TestId("event-rule-pattern").Last.FillAsync("shop.*");
        await tab.TestId("event-rule-target").Last.FillAsync("ledger");
        await tab.TestId("event-routing-save").ClickAsync();
        await tab.ConfirmAsync(reason: "the books");
        Assert.Contains(new EventRule("shop.*", EventRuleActions.Forward, "ledger"), (await _gateway.Client.GetEventRoutingAsync()).Rules);

        await tab.TestId("event-publish-open").ClickAsync();
        await tab.TestId("event-topic-input").FillAsync("shop.sale");
        await tab.TestId("event-payload-input").FillAsync("""{"sum": 12}""");
        await tab.ConfirmAsync();
        await tab.TestId("view-tail").ClickAsync();
        await Expect(tab.Page.Locator("[data-topic='ledger']")).ToContainTextAsync("forwarded from shop.sale");
        await Expect(tab.Page.Locator("[data-topic='shop.sale']").First).ToContainTextAsync("12");

        await tab.TestId("view-statistics").ClickAsync();
        await Expect(tab.Row("event-topic", "ledger")).ToBeVisibleAsync();
        await _gateway.Client.PutEventRoutingAsync([]);
    }

    private Task PublishAsync(string topic, int payload) => _gateway.Client.PublishEventAsync(topic, JsonSerializer.SerializeToElement(payload));
}
