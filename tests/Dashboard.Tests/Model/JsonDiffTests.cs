using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class JsonDiffTests
{
    [Theory]
    [InlineData("1", "2", " 1 2")]
    [InlineData("""{"a":1,"b":{"c":[1,2]}}""", """{"a":1,"b":{"c":[1,3,4]}}""", "b.c[1] 2 3|b.c[2]  4")]
    [InlineData("""{"a":1}""", """{"b":1}""", "a 1 |b  1")]
    [InlineData("""{"a":[1]}""", """{"a":{"x":1}}""", """a [1] {"x":1}""")]
    [InlineData("""{"a":1,"b":2}""", """{"b":2,"a":1.0}""", "")]
    [InlineData("null", "null", "")]
    public void Of_TwoValues_NamesWhatDiffers(string before, string after, string expected) =>
        Assert.Equal(expected, string.Join('|', JsonDiff.Of(Examples.Json(before), Examples.Json(after)).Select(change => $"{change.Path} {change.Before} {change.After}")));

    [Fact]
    public void Of_NothingBefore_IsAddedAsAWhole()
    {
        var change = Assert.Single(JsonDiff.Of(null, Examples.Json("""{"a":1}""")));

        Assert.Equal(("", "added"), (change.Path, change.Kind));
    }

    [Fact]
    public void Of_ValuesWithoutEnd_StopsSomewhere()
    {
        var before = $"[{string.Join(',', Enumerable.Range(0, 500))}]";
        var after = $"[{string.Join(',', Enumerable.Range(1, 500))}]";

        Assert.Equal(JsonDiff.MaxChanges, JsonDiff.Of(Examples.Json(before), Examples.Json(after)).Count);
    }
}
