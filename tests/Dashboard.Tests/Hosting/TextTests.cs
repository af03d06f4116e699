using System.Text.RegularExpressions;
using System.Xml.Linq;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Tests.Hosting;

/// <summary>Every word the pages ask for exists, in both languages, with the same holes.</summary>
public partial class TextTests
{
    private static readonly string Source = FindSource();
    private static readonly Dictionary<string, string> English = Read("Strings.resx");
    private static readonly Dictionary<string, string> Chinese = Read("Strings.zh.resx");

    [Fact]
    public void Languages_Keys_AreTheSame() => Assert.Equal(English.Keys.Order(), Chinese.Keys.Order());

    [Fact]
    public void Languages_Placeholders_AreTheSame() => Assert.All(English, entry =>
        Assert.Equal(Holes(entry.Value), Holes(Chinese[entry.Key])));

    [Fact]
    public void Pages_KeysAskedFor_Exist()
    {
        var asked = Sources().SelectMany(text => Asked().Matches(text)).Select(match => match.Groups["key"].Value).ToHashSet();
        var counted = Sources().SelectMany(text => Counted().Matches(text)).Select(match => match.Groups["key"].Value).ToHashSet();

        Assert.True(asked.Count > 100);
        Assert.Equal([], asked.Except(English.Keys));
        Assert.Equal([], counted.SelectMany<string, string>(key => [$"{key}.one", $"{key}.other"]).Except(English.Keys));
    }

    [Fact]
    public void Languages_Keys_AreAllUsed()
    {
        var all = string.Concat(Sources());
        var unused = English.Keys.Where(key => !IsContractValue(key) && !Mentions(key).Any(mention => all.Contains(mention)));

        Assert.Equal([], unused);
    }

    [Fact]
    public void Indexer_UnknownKey_ShowsTheKey() => Assert.Equal("No.Such", new Text()["No.Such"]);

    [Fact]
    public void Word_UnknownValue_IsShownAsItIs() => Assert.Equal("warlord", new Text().Word("Role", "warlord"));

    /// <summary>Read through <see cref="Text.Word"/>.</summary>
    private static bool IsContractValue(string key) => key.Split('.')[0] is "Role" or "Health" or "Link" or "Mode" or "Cause" or "Member";

    /// <summary>A key stands in the source whole, without its plural's end, or up to a part that is filled in.</summary>
    private static IEnumerable<string> Mentions(string key)
    {
        yield return $"\"{key}\"";
        for (var dot = key.IndexOf('.'); dot > 0; dot = key.IndexOf('.', dot + 1))
        {
            yield return $"\"{key[..dot]}\"";
            yield return $"\"{key[..dot]}.{{";
        }
    }

    private static IEnumerable<string> Holes(string text) => Hole().Matches(text).Select(match => match.Value).Distinct().Order();

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Source, "*.*", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}") && !path.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}"))
            .Where(path => path.EndsWith(".razor") || path.EndsWith(".cs"))
            .Select(File.ReadAllText);

    private static Dictionary<string, string> Read(string file) =>
        XDocument.Load(Path.Combine(Source, "Resources", file)).Root!.Elements("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static string FindSource()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder.FullName, "src", "Dashboard")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run outside the repository.");
        }

        return Path.Combine(folder.FullName, "src", "Dashboard");
    }

    [GeneratedRegex("""[Tt]ext\["(?<key>[A-Za-z.]+)"[\],]""")]
    private static partial Regex Asked();

    [GeneratedRegex("""[Tt]ext\.Count\("(?<key>[A-Za-z.]+)",""")]
    private static partial Regex Counted();

    [GeneratedRegex("""\{\d\}""")]
    private static partial Regex Hole();
}
