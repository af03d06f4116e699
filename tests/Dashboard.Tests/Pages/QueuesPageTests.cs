using Quorate.Contracts;
using Quorate.Contracts.Live;
using Quorate.Contracts.Queues;
using Quorate.Dashboard.Components.Layout;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class QueuesPageTests : ConsoleContext
{
    [Fact]
    public void Page_QueueGrows_ShowsTheNewDepthWithoutReload()
    {
        var page = Show("/queues", Examples.Queue("orders", ready: 3));

        Feed.Delta(Topics.Queues, new QueuesPayload([Examples.Queue("orders", ready: 1234)], [], 1));

        Eventually(page, () => Assert.Contains("1\u202f234", Find(page, "queue-row").TextContent));
    }

    [Fact]
    public void More_QueuesBeyondTheSnapshot_AreReadPageByPageAndKeptCurrent()
    {
        var page = Show("/queues", Examples.Queue("a"));
        Gateway.Answer("GET", "/api/v1/queues?limit=1000", new Page<QueueView>([Examples.Queue("a")], "after-a"));
        Gateway.Answer("GET", "/api/v1/queues?limit=1000&cursor=after-a", new Page<QueueView>([Examples.Queue("b"), Examples.Queue("c")], null));
        Assert.Empty(All(page, "queue-more"));
        Feed.Delta(Topics.Queues, new QueuesPayload([], [], 3));
        Eventually(page, () => Assert.Contains("1 of 3", Find(page, "queue-more-known").TextContent));

        Press(page, "queue-more");

        Eventually(page, () => Assert.Equal(["a", "b", "c"], Names(page)));
        Assert.Empty(All(page, "queue-more"));
        Feed.Delta(Topics.Queues, new QueuesPayload([], ["c"], 2));
        Eventually(page, () => Assert.Equal(["a", "b"], Names(page)));
    }

    [Fact]
    public void Page_QueueDeleted_Disappears()
    {
        var page = Show("/queues", Examples.Queue("a"), Examples.Queue("b"));

        Feed.Delta(Topics.Queues, new QueuesPayload([], ["a"], 1));

        Eventually(page, () => Assert.Equal(["b"], Names(page)));
    }

    [Fact]
    public void Page_NoQueues_TeachesTheFirstStep()
    {
        var page = Show("/queues");

        Assert.Contains("curl -X PUT 'http://localhost/api/v1/queues/orders%2Fnew'", Find(page, "empty-state").TextContent);
    }

    [Fact]
    public void State_NobodyTakes_SaysSo()
    {
        var page = Show("/queues", Examples.Queue("orders", ready: 3, oldestSeconds: 60));

        Assert.Contains("nobody takes", Find(page, "queue-row").TextContent);
    }

    [Fact]
    public void Rate_CountersGrow_IsTakenFromThemAndFallsWhenTheyStand()
    {
        var page = Show("/queues", Examples.Queue("orders", enqueued: 100));
        Time.Now += TimeSpan.FromSeconds(1);
        Feed.Delta(Topics.Queues, new QueuesPayload([Examples.Queue("orders", enqueued: 150)], [], 1));
        Eventually(page, () => Assert.Contains("/s", Find(page, "queue-row").TextContent));

        Time.Now += TimeSpan.FromSeconds(1);
        Eventually(page, () => Assert.Contains("25\u202f/s", Find(page, "queue-row").TextContent));
        Time.Now += TimeSpan.FromSeconds(12);

        // Ten ticks, each a second long, until nothing of the growth is within the window.
        Eventually(page, () => Assert.Contains("idle", Find(page, "queue-row").TextContent), patience: 3 * Patience);
    }

    [Fact]
    public void Attention_Asked_ShowsOnlyWhatNeedsIt()
    {
        var page = Show("/queues", Examples.Queue("calm"), Examples.Queue("sick", dead: 2));

        Choose(page, "queue-attention", true);

        Eventually(page, () => Assert.Equal(["sick"], Names(page)));
        Assert.Equal("/queues?attention=true", Address);
    }

    [Fact]
    public void Filter_Typed_FindsConsumers()
    {
        var page = Show("/queues", Examples.Queue("a", consumer: "worker-7"), Examples.Queue("b"));

        Type(page, "table-filter", "worker-7");

        Eventually(page, () => Assert.Equal(["a"], Names(page)));
    }

    [Fact]
    public void Create_NameTyped_PutsTheQueueAndOpensIt()
    {
        Gateway.Answer("PUT", "/api/v1/queues/orders%2Fnew", new PutQueueResponse("orders/new", true, new QueueConfiguration()));
        var page = Show("/queues");
        Press(page, "queue-create");
        Type(page, "queue-form-name", "orders/new");
        Type(page, "queue-form-MaxLength", "500");
        Assert.Contains("""{"maxLength":500,"overflow":"reject"}""", Find(page, "confirm-dialog").TextContent);

        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Equal("/queues/detail?queue=orders%2Fnew", Address));
        Assert.Contains("\"maxLength\":500", Gateway.Requests.Single(request => request.Asked.StartsWith("PUT")).Body);
    }

    [Fact]
    public void Create_LimitThatIsNoNumber_CannotBeSent()
    {
        var page = Show("/queues");
        Press(page, "queue-create");
        Type(page, "queue-form-name", "q");

        Type(page, "queue-form-MaxBytes", "many");

        Eventually(page, () => Assert.True(Find(page, "confirm-submit").HasAttribute("disabled")));
    }

    [Fact]
    public void Navigation_QueueWithDeadLetters_CountsIt()
    {
        var menu = Open<NavMenu>("/");

        Feed.Snapshot(Topics.Queues, new QueuesPayload([Examples.Queue("a", dead: 1), Examples.Queue("b")], [], 2));

        Eventually(menu, () => Assert.Equal("1", Find(menu, "nav-queues-badge").TextContent));
    }

    private IRenderedComponent<QueuesPage> Show(string address, params QueueView[] queues)
    {
        Gateway.Answer("GET", "/api/v1/queues?limit=1000", new Page<QueueView>(queues, null));
        var page = Open<QueuesPage>(address);
        Feed.Snapshot(Topics.Queues, new QueuesPayload(queues, [], queues.Length));
        Find(page, queues.Length == 0 ? "empty-state" : "queue-row");
        return page;
    }

    private static IEnumerable<string?> Names(IRenderedComponent<QueuesPage> page) =>
        All(page, "queue-row").Select(row => row.GetAttribute("data-key"));
}
