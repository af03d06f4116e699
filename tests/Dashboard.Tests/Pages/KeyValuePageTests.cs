using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Live;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class KeyValuePageTests : ConsoleContext
{
    private const string List = "/api/v1/kv?limit=200";

    [Fact]
    public void Page_Keys_AreReadOverRest()
    {
        var page = Show("/kv", Examples.Key("a", "{\"x\":1}", 77), Examples.Key("b"));

        Assert.Equal(["a", "b"], Names(page));
        Assert.Contains("{\"x\":1}", All(page, "kv-row")[0].TextContent);
        Assert.Contains("77", All(page, "kv-row")[0].TextContent);
    }

    [Fact]
    public void Page_KeyWritten_AppearsWithoutReload()
    {
        var page = Show("/kv", Examples.Key("a"));

        var before = Gateway.Requests.Count;

        Feed.Delta(Topics.Kv, new KvPayload([Examples.Key("b", "2", 8)], [], 2));

        Eventually(page, () => Assert.Equal(["a", "b"], Names(page)));
        Assert.Equal(before, Gateway.Requests.Count);
    }

    [Fact]
    public void Page_Missed_ReadsAgain()
    {
        var page = Show("/kv", Examples.Key("a"));
        Gateway.Answer("GET", List, new Page<KeyView>([Examples.Key("z")], null));

        Feed.Snapshot(Topics.Kv, new KvPayload([], [], 1));

        Eventually(page, () => Assert.Equal(["z"], Names(page)));
    }

    [Fact]
    public void Prefix_Entered_StandsInTheUrlAndReadsThere()
    {
        Gateway.Answer("GET", "/api/v1/kv?prefix=app%2F&limit=200", new Page<KeyView>([Examples.Key("app/x")], null));
        var page = Show("/kv", Examples.Key("a"));

        Choose(page, "kv-prefix", "app/");

        Assert.Equal("/kv?prefix=app%2F", Address);
        Eventually(page, () => Assert.Equal(["app/x"], Names(page)));

        Press(page, "kv-up");
        Assert.Equal("/kv", Address);
    }

    [Fact]
    public void More_Clicked_AppendsTheNextPage()
    {
        Gateway.Answer("GET", List, new Page<KeyView>([Examples.Key("a")], "next"));
        Gateway.Answer("GET", $"{List}&cursor=next", new Page<KeyView>([Examples.Key("b")], null));
        var page = Open<KeyValuePage>("/kv");

        Press(page, "kv-more");

        Eventually(page, () => Assert.Equal(["a", "b"], Names(page)));
        Assert.Empty(All(page, "kv-more"));
    }

    [Fact]
    public void Page_NoKeys_TeachesTheFirstStep()
    {
        Gateway.Answer("GET", List, new Page<KeyView>([], null));

        var page = Open<KeyValuePage>("/kv");

        Assert.Contains("curl -X PUT 'http://localhost/api/v1/kv/greeting'", Find(page, "empty-state").TextContent);
    }

    [Fact]
    public void Page_GatewayUnreachable_SaysSo()
    {
        Gateway.Refuse("GET", List, FakeGateway.Problem(503, ErrorCodes.NoQuorum));

        var page = Open<KeyValuePage>("/kv");

        Assert.Contains("no_quorum", Find(page, "kv-error").TextContent);
    }

    [Fact]
    public void Save_Edited_ExpectsTheRevisionThatWasShown()
    {
        Gateway.Answer("PUT", "/api/v1/kv/a", new PutKeyResponse("a", 6, Created: false));
        var page = Edit("{\"rps\":2}");

        Press(page, "kv-save");

        Assert.Contains("Saved as revision 6", Find(page, "kv-saved").TextContent);
        var put = Gateway.Requests.Last(request => request.Asked.StartsWith("PUT"));
        Assert.Equal("5", put.Headers["If-Match"]);
        Assert.Equal(2, JsonDocument.Parse(put.Body!).RootElement.GetProperty("value").GetProperty("rps").GetInt32());
    }

    [Fact]
    public void Edit_NotJson_CannotBeSaved()
    {
        var page = Edit("{oops");

        Assert.Contains("1:2", Find(page, "kv-invalid").TextContent);
        Assert.True(Find(page, "kv-save").HasAttribute("disabled"));
    }

    [Fact]
    public void Edit_SomebodyElseWrites_ShowsTheirsAndKeepsMine()
    {
        var page = Edit("2");

        Feed.Delta(Topics.Kv, new KvPayload([Examples.Key("a", "99", 8)], [], 1));

        Assert.Equal("99", Find(page, "kv-theirs").TextContent);
        Assert.Equal("2", Find(page, "kv-mine").TextContent);
        Assert.Equal("2", Find(page, "kv-editor").GetAttribute("value"));
    }

    [Fact]
    public void View_SomebodyElseWrites_ShowsTheNewValue()
    {
        var page = OpenKey();

        Feed.Delta(Topics.Kv, new KvPayload([Examples.Key("a", "99", 8)], [], 1));

        Eventually(page, () => Assert.Equal("99", Find(page, "kv-editor").GetAttribute("value")));
        Assert.Equal("8", Find(page, "kv-revision").TextContent);
        Assert.Empty(All(page, "kv-conflict"));
    }

    [Fact]
    public void Save_Refused_ThenKeepMine_OverwritesExactlyWhatWasShown()
    {
        var page = RefusedSave();
        Assert.Equal("99", Find(page, "kv-theirs").TextContent);

        Press(page, "kv-keep-mine");
        Gateway.Answer("PUT", "/api/v1/kv/a", new PutKeyResponse("a", 9, Created: false));
        Press(page, "kv-save");

        Find(page, "kv-saved");
        Assert.Equal("8", Gateway.Requests.Last(request => request.Asked.StartsWith("PUT")).Headers["If-Match"]);
    }

    [Fact]
    public void Save_Refused_ThenTakeTheirs_ShowsTheirValue()
    {
        var page = RefusedSave();

        Press(page, "kv-take-theirs");

        Assert.Equal("99", Find(page, "kv-editor").GetAttribute("value"));
        Assert.Empty(All(page, "kv-conflict"));
    }

    [Fact]
    public void Create_NewKey_ExpectsThatItDoesNotExist()
    {
        Gateway.Answer("PUT", "/api/v1/kv/fresh", new PutKeyResponse("fresh", 3, Created: true));
        Gateway.Answer("GET", "/api/v1/kv/fresh", Examples.Key("fresh", "true", 3));
        var page = Show("/kv?create=true", Examples.Key("a"));

        Type(page, "kv-new-key", "fresh");
        Submit(page, "kv-panel");
        Type(page, "kv-editor", "true");
        Press(page, "kv-save");

        Eventually(page, () => Assert.Equal("/kv?key=fresh", Address));
        Assert.Equal("0", Gateway.Requests.Single(request => request.Asked.StartsWith("PUT")).Headers["If-Match"]);
    }

    [Fact]
    public void Delete_Confirmed_ExpectsTheRevisionThatWasShown()
    {
        Gateway.Answer("DELETE", "/api/v1/kv/a", new DeleteKeyResponse("a", 6));
        var page = OpenKey();
        Press(page, "kv-delete");

        Type(page, "confirm-input", "a");
        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Equal("/kv", Address));
        Assert.Equal("5", Gateway.Requests.Last(request => request.Asked.StartsWith("DELETE")).Headers["If-Match"]);
    }

    [Fact]
    public void Address_MissingKey_OffersToCreateIt()
    {
        Gateway.Refuse("GET", "/api/v1/kv/none", FakeGateway.Problem(404, ErrorCodes.KeyNotFound));
        var page = Show("/kv?key=none", Examples.Key("a"));

        Press(page, "kv-create-missing");

        Find(page, "kv-editor");
    }

    private IRenderedComponent<KeyValuePage> Show(string address, params KeyView[] keys)
    {
        Gateway.Answer("GET", List, new Page<KeyView>(keys, null));
        var page = Open<KeyValuePage>(address);
        Eventually(page, () => Assert.Equal(keys.Length, All(page, "kv-row").Count));
        Feed.Snapshot(Topics.Kv, new KvPayload(keys, [], keys.Length));
        Eventually(page, () => Assert.True(Live.Store.State(Topics.Kv).HasData));
        Eventually(page, () => Assert.Equal("live", Find(page, "freshness").GetAttribute("data-state")));
        return page;
    }

    private IRenderedComponent<KeyValuePage> OpenKey()
    {
        Gateway.Answer("GET", "/api/v1/kv/a", Examples.Key("a", "1", 5));
        var page = Show("/kv?key=a", Examples.Key("a", "1", 5));
        Find(page, "kv-editor");
        return page;
    }

    private IRenderedComponent<KeyValuePage> Edit(string text)
    {
        var page = OpenKey();
        Type(page, "kv-editor", text);
        return page;
    }

    private IRenderedComponent<KeyValuePage> RefusedSave()
    {
        Gateway.Refuse("PUT", "/api/v1/kv/a", FakeGateway.Problem(412, ErrorCodes.RevisionMismatch) with
        {
            Extensions = new Dictionary<string, JsonElement> { ["current"] = JsonSerializer.SerializeToElement(Examples.Key("a", "99", 8), ContractJson.Options) },
        });
        var page = Edit("2");
        Press(page, "kv-save");
        Find(page, "kv-conflict");
        return page;
    }

    private static IEnumerable<string?> Names(IRenderedComponent<KeyValuePage> page) =>
        All(page, "kv-row").Select(row => row.GetAttribute("data-key"));
}
