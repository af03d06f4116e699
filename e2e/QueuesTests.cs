using System.Text.Json;
using Quorate.Contracts.Queues;

namespace Quorate.EndToEnd;

[Collection(SharedCollection.Name)]
public sealed class QueuesTests(SharedGateway shared, Chromium browser)
{
    private readonly Gateway _gateway = shared.Gateway;

    [BrowserFact]
    public async Task Queue_filledAndWorkedOffOverRest_isSeenLive()
    {
        await using var tab = await browser.OpenAsync(_gateway, "/queues");
        await tab.MarkAsync();
        await _gateway.Client.PutQueueAsync("parcels/in", new QueueConfiguration());
        var row = tab.Row("queue-row", "parcels/in");
        await Expect(row).ToContainTextAsync("idle");

        await EnqueueAsync("parcels/in", 3);
        await row.ClickAsync();
        await tab.ExpectUrlAsync("queue=parcels%2Fin");
        await Expect(tab.TestId("queue-ready")).ToHaveTextAsync("3");
        await Expect(tab.TestId("queue-message")).ToHaveCountAsync(3);

        var taken = await _gateway.Client.DequeueAsync("parcels/in", new DequeueRequest(Max: 2, Consumer: "carrier-1"));
        await Expect(tab.TestId("queue-inflight")).ToHaveTextAsync("2");
        await tab.TestId("queue-view-consumers").ClickAsync();
        await Expect(tab.Row("queue-consumer", "carrier-1")).ToContainTextAsync("2");

        await _gateway.Client.AckAsync("parcels/in", [.. taken.Messages.Select(message => message.Receipt)]);
        await Expect(tab.TestId("queue-inflight")).ToHaveTextAsync("0");
        await tab.ExpectNotReloadedAsync();
    }

    [BrowserFact]
    public async Task DeadLetters_redrivenAndPurgedInTheConsole_areGone()
    {
        await _gateway.Client.PutQueueAsync("parcels/lost", new QueueConfiguration(MaxDeliveries: 1));
        await EnqueueAsync("parcels/lost", 3);
        var taken = await _gateway.Client.DequeueAsync("parcels/lost", new DequeueRequest(Max: 3));
        await _gateway.Client.NackAsync("parcels/lost", new NackRequest([.. taken.Messages.Select(message => message.Receipt)]));

        await using var tab = await browser.OpenAsync(_gateway, "/queues/detail?queue=parcels/lost");
        await Expect(tab.TestId("queue-dead-notice")).ToContainTextAsync("3 messages used up their deliveries (1)");
        await tab.TestId("queue-dead-notice").GetByRole(AriaRole.Link).ClickAsync();
        var first = tab.TestId("queue-message").First;
        await first.ClickAsync();
        await Expect(tab.TestId("queue-message-body")).ToContainTextAsync("\"number\": 0");
        await tab.TestId("queue-redrive-one").ClickAsync();
        await tab.ConfirmAsync();
        await Expect(tab.TestId("queue-dead")).ToHaveTextAsync("2");
        await Expect(tab.TestId("queue-ready")).ToHaveTextAsync("1");

        await tab.GoAsync("/queues/detail?queue=parcels/lost&view=dead");
        await tab.TestId("queue-purge").ClickAsync();
        await tab.TestId("queue-act-count").FillAsync("1");
        await Expect(tab.Dialog.GetByTestId("command")).ToContainTextAsync("""{"state":"dead","max":1}""");
        await tab.ConfirmAsync(type: "parcels/lost");
        await Expect(tab.TestId("queue-dead")).ToHaveTextAsync("1");
        Assert.Equal(1, (await _gateway.Client.GetQueueAsync("parcels/lost")).Counters.Purged);
    }

    [BrowserFact]
    public async Task Queue_createdAndPublishedToInTheConsole_holdsTheMessage()
    {
        await using var tab = await browser.OpenAsync(_gateway, "/queues");
        await tab.TestId("queue-create").ClickAsync();
        await tab.TestId("queue-form-name").FillAsync("parcels/new");
        await tab.TestId("queue-form-MaxDeliveries").FillAsync("2");
        await tab.ConfirmAsync();
        await tab.ExpectUrlAsync("queue=parcels%2Fnew");

        await tab.TestId("queue-publish").ClickAsync();
        await tab.TestId("publish-body").FillAsync("""{"hello":"queue"}""");
        await tab.TestId("publish-priority").FillAsync("9");
        await tab.ConfirmAsync();

        await Expect(tab.TestId("queue-message")).ToContainTextAsync("hello");
        var message = Assert.Single((await _gateway.Client.DequeueAsync("parcels/new", new DequeueRequest())).Messages);
        Assert.Equal((9, "queue"), (message.Priority, message.Body.GetProperty("hello").GetString()));
    }

    private Task EnqueueAsync(string queue, int count) => _gateway.Client.EnqueueAsync(
        queue, [.. Enumerable.Range(0, count).Select(number => new NewQueueMessage(JsonSerializer.SerializeToElement(new { number })))]);
}
