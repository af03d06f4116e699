using System.Text.Json;
using Quorate.Contracts.Events;
using Quorate.Contracts.Live;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class EventsPageTests : ConsoleContext
{
    private const string Topic = Topics.Bus + "#";

    [Fact]
    public void Tail_EventComes_StandsOnTop()
    {
        var page = Show("/events", Examples.BusEvent(1), Examples.BusEvent(2));

        Bus.Delta(Topic, new BusPayload([Examples.BusEvent(3, "order.paid"), Examples.BusEvent(null, "here")]));

        Eventually(page, () => Assert.Equal(["here", "order.paid", "order.created", "order.created"], TopicsOf(page)));
        Assert.Contains("local", All(page, "bus-event")[0].TextContent);
    }

    [Fact]
    public void Tail_ConnectionLost_DoesNotLookLive()
    {
        var page = Show("/events", Examples.BusEvent(1));
        Assert.Equal("live", Find(page, "event-state").GetAttribute("data-state"));

        Bus.Lose(TimeSpan.FromSeconds(3));

        Eventually(page, () => Assert.Equal("stale", Find(page, "event-state").GetAttribute("data-state")));
        Assert.Contains("not connected", Find(page, "event-state").TextContent);
    }

    [Fact]
    public void Tail_Paused_StandsStillAndCounts()
    {
        var page = Show("/events", Examples.BusEvent(1));
        Press(page, "event-pause");

        Bus.Delta(Topic, new BusPayload([Examples.BusEvent(2), Examples.BusEvent(3)]));

        Eventually(page, () => Assert.Equal("2 new", Find(page, "event-new").TextContent));
        Assert.Single(All(page, "bus-event"));
        Press(page, "event-new");
        Assert.Equal(["3", "2", "1"], All(page, "bus-event").Select(row => row.GetAttribute("data-key")));
        Assert.Empty(All(page, "event-new"));
    }

    [Fact]
    public void Tail_SnapshotAfterAGap_RepeatsNothing()
    {
        var page = Show("/events", Examples.BusEvent(1), Examples.BusEvent(2));

        Bus.Send(Topic, LiveKinds.Missed, new Missed(7, "away"));
        Bus.Snapshot(Topic, new BusPayload([Examples.BusEvent(2), Examples.BusEvent(10)]));

        Eventually(page, () => Assert.Equal(["10", "2", "1"], All(page, "bus-event").Select(row => row.GetAttribute("data-key"))));
        Assert.Contains("7", Find(page, "event-missed").TextContent);
    }

    [Fact]
    public void Pattern_Typed_StandsInTheUrl()
    {
        var page = Show("/events", Examples.BusEvent(1));

        Choose(page, "event-pattern", "order.*");

        Eventually(page, () => Assert.Equal("/events?pattern=order.%2A", Address));
    }

    [Theory]
    [InlineData("a..b")]
    [InlineData("%23.a")]
    [InlineData("a%2A")]
    public void Pattern_ThatIsNone_IsExplained(string pattern)
    {
        var page = Open<EventsPage>("/events?pattern=" + pattern);

        Assert.Contains("no pattern", Find(page, "event-pattern-invalid").TextContent);
    }

    [Fact]
    public void Tail_Empty_TeachesTheFirstStep()
    {
        var page = Show("/events");

        Assert.Contains("/api/v1/events/order.created", Find(page, "empty-state").TextContent);
    }

    [Fact]
    public void Statistics_ShowCountsAndTopics()
    {
        Gateway.Answer("GET", "/api/v1/events:statistics", new EventStatistics(
            12_480, 3, 2, 1.5, 900, 4096, 11_581, 12_480, 5, 77, 4, [new EventTopicCount("order.created", 12_000, Examples.Now)]));

        var page = Open<EventsPage>("/events?view=statistics");

        Assert.Equal("12\u202f480", Find(page, "event-published").TextContent);
        Assert.Contains("order.created", Assert.Single(All(page, "event-topic")).TextContent);
    }

    [Fact]
    public void Routing_RuleAdded_IsSavedOverTheVersionThatWasRead()
    {
        Gateway.Answer("GET", "/api/v1/events:routing", new EventRoutingView(40, [new EventRule("a.#", EventRuleActions.Drop)]));
        Gateway.Answer("PUT", "/api/v1/events:routing", new EventRoutingView(41, [new EventRule("a.#", EventRuleActions.Drop), new EventRule("b.*", EventRuleActions.Forward, "c")]));
        var page = Open<EventsPage>("/events?view=routing");
        Assert.True(Find(page, "event-routing-save").HasAttribute("disabled"));

        Press(page, "event-rule-add");
        TypeInSecondRule(page, "event-rule-pattern", "b.*");
        Assert.True(Find(page, "event-routing-save").HasAttribute("disabled"));
        TypeInSecondRule(page, "event-rule-target", "c");
        Press(page, "event-routing-save");
        Assert.Contains("a.#", Find(page, "confirm-consequences").TextContent);
        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Empty(All(page, "confirm-dialog")));
        var put = Gateway.Requests[^1];
        Assert.Equal("40", put.Headers["If-Match"]);
        Assert.Equal("c", JsonDocument.Parse(put.Body!).RootElement.GetProperty("rules")[1].GetProperty("target").GetString());
    }

    [Fact]
    public void Routing_ChangedBySomebodyElse_SaysSoAndKeepsTheDialog()
    {
        Gateway.Answer("GET", "/api/v1/events:routing", new EventRoutingView(40, [new EventRule("a.#", EventRuleActions.Drop)]));
        Gateway.Refuse("PUT", "/api/v1/events:routing", FakeGateway.Problem(412, ErrorCodes.RevisionMismatch));
        var page = Open<EventsPage>("/events?view=routing");

        Press(page, "event-rule-remove");
        Press(page, "event-routing-save");
        Submit(page, "confirm-dialog");

        Assert.Contains("revision_mismatch", Find(page, "confirm-error").TextContent);
    }

    [Fact]
    public void Publish_Confirmed_SendsTopicPayloadAndScope()
    {
        Gateway.Answer("POST", "/api/v1/events/order.created", new PublishEventResponse("order.created", EventScopes.Local, null, false, 0));
        var page = Show("/events");
        Press(page, "event-publish-open");
        Assert.True(Find(page, "confirm-submit").HasAttribute("disabled"));

        Type(page, "event-topic-input", "order.created");
        Type(page, "event-payload-input", "{oops");
        Assert.True(Find(page, "confirm-submit").HasAttribute("disabled"));
        Type(page, "event-payload-input", """{"n":1}""");
        Choose(page, "event-scope", EventScopes.Local);
        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Empty(All(page, "confirm-dialog")));
        var body = JsonDocument.Parse(Gateway.Requests.Single(request => request.Asked.StartsWith("POST")).Body!).RootElement;
        Assert.Equal((1, EventScopes.Local), (body.GetProperty("payload").GetProperty("n").GetInt32(), body.GetProperty("scope").GetString()));
    }

    private static void TypeInSecondRule(IRenderedComponent<EventsPage> page, string field, string text) =>
        Act(page, "event-rule", rule => rule.QuerySelector($"[data-testid='{field}']")!.Input(text), rule => rule.PreviousElementSibling is not null);

    private static IEnumerable<string?> TopicsOf(IRenderedComponent<EventsPage> page) =>
        All(page, "bus-event").Select(row => row.GetAttribute("data-topic"));

    private IRenderedComponent<EventsPage> Show(string address, params BusEventView[] events)
    {
        var page = Open<EventsPage>(address);
        Bus.Snapshot(Topic, new BusPayload(events));
        Eventually(page, () => Assert.True(events.Length == 0 ? All(page, "empty-state").Count > 0 : All(page, "bus-event").Count == events.Length));
        return page;
    }
}
