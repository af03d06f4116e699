using Quorate.Contracts;
using Quorate.Contracts.Live;
using Quorate.Contracts.Queues;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class QueuePageTests : ConsoleContext
{
    [Fact]
    public void Page_OfAQueue_ShowsItsFiguresAndMessages()
    {
        Messages("ready", Examples.Message(17, """{"order":1}"""));

        var page = Show("/queues/detail?queue=orders", Examples.Queue("orders", ready: 1, delayed: 2, inFlight: 3, dead: 4));

        Assert.Equal(["1", "2", "3", "4"], new[] { "queue-ready", "queue-delayed", "queue-inflight", "queue-dead" }.Select(id => Find(page, id).TextContent));
        Eventually(page, () => Assert.Contains("""{"order":1}""", Find(page, "queue-message").TextContent));
        Assert.Contains("4 messages used up their deliveries (5) without an ack", Find(page, "queue-dead-notice").TextContent);
    }

    [Fact]
    public void Messages_ReadBeforeTheQueueEmptied_AreNotCountedAgainstNow()
    {
        Messages("ready", Examples.Message(17, "1"), Examples.Message(18, "2"));

        var page = Show("/queues/detail?queue=orders", Examples.Queue("orders"));

        Eventually(page, () => Assert.Equal("2 rows", Find(page, "row-count").TextContent));
        Assert.Contains("Read", Find(page, "queue-messages-read").TextContent);
    }

    [Fact]
    public void Story_NobodyTakes_NamesWhatWaits()
    {
        Messages("ready");

        var page = Show("/queues/detail?queue=orders", Examples.Queue("orders", ready: 3, oldestSeconds: 90));

        Assert.Equal("stuck", Find(page, "queue-story").GetAttribute("data-mood"));
        Assert.Contains("3 are ready, the next for 1\u202fm\u202f30\u202fs", Find(page, "queue-story").TextContent);
    }

    [Fact]
    public void Page_NoSuchQueue_TeachesHowToCreateIt()
    {
        var page = Open<QueuePage>("/queues/detail?queue=none");
        Feed.Snapshot(Topics.Queues, new QueuesPayload([], [], 0));

        Assert.Contains("curl -X PUT 'http://localhost/api/v1/queues/none'", Find(page, "empty-state").TextContent);
    }

    [Fact]
    public void Message_Selected_ShowsItsBodyAndHeaders()
    {
        Messages("dead", Examples.Message(9, """{"a":1}""") with { Headers = new Dictionary<string, string> { ["kind"] = "mail" } });

        var page = Show("/queues/detail?queue=orders&view=dead&message=9", Examples.Queue("orders", dead: 1));

        Eventually(page, () => Assert.Contains("\"a\": 1", Find(page, "queue-message-body").TextContent));
        Assert.Contains("mail", Find(page, "queue-message-panel").TextContent);
    }

    [Fact]
    public void Redrive_OneMessage_SendsItsIdAndAsksForNoName()
    {
        Messages("dead", Examples.Message(9, "1"));
        Gateway.Answer("POST", "/api/v1/queues/orders/redrive", new MoveResponse(1, 0));
        var page = Show("/queues/detail?queue=orders&view=dead&message=9", Examples.Queue("orders", dead: 1));
        Press(page, "queue-redrive-one");

        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Empty(All(page, "confirm-dialog")));
        Assert.Equal("""{"ids":[9],"max":null}""", Request("redrive").Body);
    }

    [Fact]
    public void Purge_SomeAfterTypingTheName_SendsHowManyWithTheReason()
    {
        Messages("ready", Examples.Message(1, "1"));
        Gateway.Answer("POST", "/api/v1/queues/orders/purge", new PurgeResponse(5, 15));
        var page = Show("/queues/detail?queue=orders", Examples.Queue("orders", ready: 20));
        Press(page, "queue-purge");
        Type(page, "queue-act-count", "5");
        Assert.Contains("""-d '{"state":"ready","max":5}'""", Find(page, "confirm-dialog").TextContent);
        Assert.True(Find(page, "confirm-submit").HasAttribute("disabled"));

        Type(page, "confirm-input", "orders");
        Type(page, "confirm-reason", "test data");
        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Empty(All(page, "confirm-dialog")));
        Assert.Equal(("""{"state":"ready","max":5}""", "test data"), (Request("purge").Body, Request("purge").Headers["X-Reason"]));
    }

    [Fact]
    public void Purge_MoreThanOneRequestTakes_CannotBeSent()
    {
        Messages("ready");
        var page = Show("/queues/detail?queue=orders", Examples.Queue("orders", ready: 20));
        Press(page, "queue-purge");
        Type(page, "confirm-input", "orders");

        Type(page, "queue-act-count", "100001");

        Eventually(page, () => Assert.True(Find(page, "confirm-submit").HasAttribute("disabled")));
    }

    [Fact]
    public void Publish_TestMessage_Enqueues()
    {
        Messages("ready");
        Gateway.Answer("POST", "/api/v1/queues/orders/messages", new EnqueueResponse([new EnqueuedMessageView(1, false)]));
        var page = Show("/queues/detail?queue=orders", Examples.Queue("orders"));
        Press(page, "queue-publish");
        Type(page, "publish-body", "{ broken");
        Eventually(page, () => Assert.True(Find(page, "confirm-submit").HasAttribute("disabled")));
        Type(page, "publish-body", """{"a":1}""");
        Type(page, "publish-priority", "7");

        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Empty(All(page, "confirm-dialog")));
        Assert.Contains("""{"body":{"a":1},"priority":7""", Request("messages").Body);
    }

    [Fact]
    public void Consumers_Shown_NameTheirMessagesInFlight()
    {
        var page = Show("/queues/detail?queue=orders&view=consumers", Examples.Queue("orders", inFlight: 3, consumer: "worker-7"));

        Assert.Contains("worker-7", Find(page, "queue-consumer").TextContent);
    }

    [Fact]
    public void Delete_Confirmed_GoesBackToTheList()
    {
        Gateway.Answer("DELETE", "/api/v1/queues/orders", new DeleteQueueResponse("orders", 3));
        var page = Show("/queues/detail?queue=orders&view=configuration", Examples.Queue("orders"));
        Press(page, "queue-delete");

        Type(page, "confirm-input", "orders");
        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Equal("/queues", Address));
    }

    private IRenderedComponent<QueuePage> Show(string address, QueueView queue)
    {
        Gateway.Answer("GET", $"/api/v1/queues/{queue.Name}/history", new QueueHistory(queue.Name, []));
        var page = Open<QueuePage>(address);
        Feed.Snapshot(Topics.Queues, new QueuesPayload([queue], [], 1));
        Find(page, "queue-figures");
        return page;
    }

    private void Messages(string state, params QueueMessageView[] messages) =>
        Gateway.Answer("GET", $"/api/v1/queues/orders/messages?state={state}&limit=50", new Page<QueueMessageView>(messages, null));

    private FakeGateway.Request Request(string action) => Gateway.Requests.Single(request => request.Asked == $"POST /api/v1/queues/orders/{action}");
}
