using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Live;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

/// <summary>What a key held before, and what to do when somebody else wrote first.</summary>
public class KeyHistoryTests : ConsoleContext
{
    private const string Start = """{"rate":10,"burst":5,"note":"x"}""";

    [Fact]
    public void History_ShowsWhatEachWriteChanged()
    {
        var page = OpenKey(
            Examples.Revision(5, Start, reason: "calmer"),
            Examples.Revision(4, """{"rate":20,"burst":5}"""),
            Examples.Revision(3, null, KeyChangeKinds.Deleted),
            Examples.Revision(2, "1"));

        var rows = All(page, "kv-history-row");
        Assert.Equal(["put", "put", "deleted", "put"], rows.Select(row => row.GetAttribute("data-change")));
        Assert.Contains("2 changes", rows[0].TextContent);
        Assert.Contains("calmer", rows[0].TextContent);
        Assert.Contains("created", rows[1].TextContent);

        Press(page, "kv-history-open-5");

        var diff = All(page, "kv-diff-row");
        Assert.Equal(["changed", "added"], diff.Select(row => row.GetAttribute("data-change")));
        Assert.Contains("20", diff[0].QuerySelector("del")!.TextContent);
        Assert.Contains("10", diff[0].QuerySelector("ins")!.TextContent);
    }

    [Fact]
    public void History_ComparedWithNow_AndPutIntoTheEditor()
    {
        var page = OpenKey(Examples.Revision(5, Start), Examples.Revision(4, """{"rate":20}"""), Examples.Revision(3, Start));

        Press(page, "kv-history-open-3");
        Press(page, "kv-diff-now");
        Find(page, "kv-diff-same");
        Press(page, "kv-history-open-4");
        Press(page, "kv-restore");

        Assert.Equal(20, JsonDocument.Parse(Find(page, "kv-editor").GetAttribute("value")!).RootElement.GetProperty("rate").GetInt32());
        Assert.False(Find(page, "kv-save").HasAttribute("disabled"));
    }

    [Fact]
    public void Conflict_OfObjects_IsMergedFieldByFieldAndSavedOverTheirs()
    {
        var page = OpenKey(Examples.Revision(5, Start));
        Gateway.Refuse("PUT", "/api/v1/kv/a", FakeGateway.Problem(412, ErrorCodes.RevisionMismatch) with
        {
            Extensions = new Dictionary<string, JsonElement>
            {
                ["current"] = JsonSerializer.SerializeToElement(Examples.Key("a", """{"rate":30,"burst":9,"note":"x"}""", 8), ContractJson.Options),
            },
        });
        Type(page, "kv-editor", """{"rate":11,"burst":5,"note":"mine"}""");
        Press(page, "kv-save");

        Assert.Equal(Start, JsonDocument.Parse(Find(page, "kv-base").TextContent).RootElement.GetRawText().Replace("\n", "").Replace(" ", ""));
        var rows = page.WaitForElements("[data-testid='kv-merge-row']", 3, Patience);
        Assert.Equal([("rate", "true"), ("burst", "false"), ("note", "false")], rows.Select(row => (row.GetAttribute("data-key")!, row.GetAttribute("data-contested")!)));
        Choose(page, "kv-merge-theirs", true);
        Press(page, "kv-take-merged");

        var merged = JsonDocument.Parse(Find(page, "kv-editor").GetAttribute("value")!).RootElement;
        Assert.Equal(
            (30, 9, "mine"),
            (merged.GetProperty("rate").GetInt32(), merged.GetProperty("burst").GetInt32(), merged.GetProperty("note").GetString()));
        Gateway.Answer("PUT", "/api/v1/kv/a", new PutKeyResponse("a", 9, Created: false));
        Press(page, "kv-save");
        Find(page, "kv-saved");
        Assert.Equal("8", Gateway.Requests.Last(request => request.Asked.StartsWith("PUT")).Headers["If-Match"]);
    }

    [Fact]
    public void History_NotToBeHad_SaysSo()
    {
        Gateway.Refuse("GET", "/api/v1/kv/a/history", FakeGateway.Problem(503, ErrorCodes.NoQuorum));

        Assert.Contains("quorum", Find(OpenKey(null), "kv-history-error").TextContent, StringComparison.OrdinalIgnoreCase);
    }

    private IRenderedComponent<KeyValuePage> OpenKey(params KeyRevisionView[]? revisions)
    {
        var key = Examples.Key("a", Start, 5);
        Gateway.Answer("GET", "/api/v1/kv?limit=200", new Page<KeyView>([key], null));
        Gateway.Answer("GET", "/api/v1/kv/a", key);
        if (revisions is not null)
        {
            Gateway.Answer("GET", "/api/v1/kv/a/history", new Page<KeyRevisionView>(revisions, null));
        }

        var page = Open<KeyValuePage>("/kv?key=a");
        Feed.Snapshot(Topics.Kv, new KvPayload([key], [], 1));
        Find(page, "kv-editor");
        Eventually(page, () => Assert.Equal(revisions?.Length ?? 0, All(page, "kv-history-row").Count));
        return page;
    }
}
