using Quorate.Contracts.Live;
using Quorate.Contracts.Locks;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class WaitGraphTests : ConsoleContext
{
    private const string Path = "/api/v1/locks:wait-graph";

    private static readonly PastDeadlock Deadlock = new(
        Examples.Now.AddMinutes(-2), 8812, "clerk", "ledger/sales",
        [new DeadlockStep("clerk", "ledger/sales", "auditor"), new DeadlockStep("auditor", "ledger/stock", "clerk")]);

    private static readonly WaitGraph Waiting = new(
        [new WaitNode("auditor", ["ledger/sales"], []), new WaitNode("clerk", [], ["ledger/sales"])],
        [new WaitEdge("clerk", "auditor", "ledger/sales", "exclusive", Examples.Now)],
        Deadlock.Cycle,
        [Deadlock]);

    [Fact]
    public void Waits_SomebodyWaits_AreDrawnWithPastDeadlocksBeneath()
    {
        Gateway.Answer("GET", Path, Waiting);
        var page = Open<LocksPage>("/locks?view=waits");

        Eventually(page, () => Assert.Equal(["auditor", "clerk"], All(page, "wait-node").Select(node => node.GetAttribute("data-key")!).Order()));
        var edge = Assert.Single(All(page, "wait-edge"));
        Assert.Equal(("clerk", "auditor", "waits"), (edge.GetAttribute("data-from"), edge.GetAttribute("data-to"), edge.GetAttribute("data-state")));
        Assert.Contains("clerk → auditor → clerk", Assert.Single(All(page, "deadlock-row")).TextContent);
    }

    [Fact]
    public void Deadlock_Chosen_HighlightsTheCycleAndTheVictim()
    {
        Gateway.Answer("GET", Path, Waiting);
        var page = Open<LocksPage>("/locks?view=waits");
        Eventually(page, () => Assert.Single(All(page, "deadlock-row")));

        Press(page, "deadlock-row");

        Eventually(page, () => Assert.Equal("/locks?view=waits&deadlock=8812", Address));
        Eventually(page, () => Assert.Equal(["refused", "cycle"], All(page, "wait-edge").Select(edge => edge.GetAttribute("data-state"))));
        Assert.Equal("clerk", Assert.Single(All(page, "wait-node"), node => node.GetAttribute("data-victim") == "true").GetAttribute("data-key"));
        Assert.Contains("clerk asked for ledger/sales", Find(page, "deadlock-words").TextContent);
        Assert.Equal(2, All(page, "deadlock-step").Count);

        Press(page, "waits-now");
        Eventually(page, () => Assert.Equal("/locks?view=waits", Address));
    }

    [Fact]
    public void Waits_ALockChanges_AreReadAgain()
    {
        Gateway.Answer("GET", Path, new WaitGraph([], [], null, []));
        var page = Open<LocksPage>("/locks?view=waits");
        Eventually(page, () => Assert.Contains("Nobody waits for a lock", page.Markup));

        Gateway.Answer("GET", Path, Waiting);
        Feed.Snapshot(Topics.Locks, new LocksPayload([Examples.Lock("ledger/sales", "auditor", "clerk")], [], 1));

        Eventually(page, () => Assert.Single(All(page, "wait-edge")));
    }

    [Fact]
    public void Waits_NotAnswered_SaysWhy()
    {
        Gateway.Refuse("GET", Path, FakeGateway.Problem(500, ErrorCodes.Internal));
        var page = Open<LocksPage>("/locks?view=waits");

        Eventually(page, () => Assert.Contains("internal", Find(page, "waits-error").TextContent));
    }
}
