using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class KeyBrowserTests
{
    [Fact]
    public void Append_SecondPage_KeepsTheOrder()
    {
        var browser = Loaded(["app/a", "app/b"], "more");
        browser.Append(Page(["app/c"], null));

        Assert.Equal(["app/a", "app/b", "app/c"], Names(browser));
        Assert.Null(browser.NextCursor);
    }

    [Fact]
    public void Apply_KeyUnderThePrefix_AppearsInOrder()
    {
        var browser = Loaded(["app/a", "app/c"]);

        Assert.True(browser.Apply(Written("app/b")));
        Assert.Equal(["app/a", "app/b", "app/c"], Names(browser));
    }

    [Fact]
    public void Apply_KeyElsewhere_ChangesNothing()
    {
        var browser = Loaded(["app/a"]);

        Assert.False(browser.Apply(Written("other")));
        Assert.Equal(["app/a"], Names(browser));
    }

    [Fact]
    public void Apply_KeyBeyondThePagesRead_WaitsForItsPage()
    {
        var browser = Loaded(["app/a", "app/c"], "more");

        browser.Apply(Written("app/b", "app/d"));

        Assert.Equal(["app/a", "app/b", "app/c"], Names(browser));
    }

    [Fact]
    public void Apply_OlderRevision_IsIgnored()
    {
        var browser = Loaded(["app/a"]);
        browser.Apply(new KvPayload([Examples.Key("app/a", "\"new\"", 9)], [], 1));

        browser.Apply(new KvPayload([Examples.Key("app/a", "\"old\"", 8)], [], 1));

        Assert.Equal(9, browser.Find("app/a")!.Revision);
    }

    [Fact]
    public void Apply_Removal_TakesTheKeyAway()
    {
        var browser = Loaded(["app/a", "app/b"]);

        browser.Apply(new KvPayload([], ["app/a"], 1));

        Assert.Equal(["app/b"], Names(browser));
    }

    private static KeyBrowser Loaded(string[] keys, string? next = null)
    {
        var browser = new KeyBrowser("app/");
        browser.Append(Page(keys, next));
        return browser;
    }

    private static Page<KeyView> Page(string[] keys, string? next) => new([.. keys.Select(key => Examples.Key(key))], next);

    private static KvPayload Written(params string[] keys) => new([.. keys.Select(key => Examples.Key(key))], [], keys.Length);

    private static IEnumerable<string> Names(KeyBrowser browser) => browser.Keys.Select(key => key.Key);
}
