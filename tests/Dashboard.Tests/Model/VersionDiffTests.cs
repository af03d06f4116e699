using System.Text.Json;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class VersionDiffTests
{
    [Fact]
    public void Fields_NestedObjects_AreNamedByPathWithWhatHappenedToThem()
    {
        var diff = Of("""{"a":{"b":1,"c":2},"gone":1,"same":[1,2]}""", """{"a":{"b":9,"c":2},"new":1,"same":[1,2]}""");

        Assert.Equal(
            ["a.b changed", "a.c same", "gone removed", "same[0] same", "same[1] same", "new added"],
            diff.Fields.Select(field => $"{field.Path} {field.Kind}"));
        Assert.Equal(["a.b", "gone", "new"], diff.Differing.Select(field => field.Path));
    }

    [Fact]
    public void Fields_ArraysOfOtherLength_AreOneValue() =>
        Assert.Equal(["list"], Of("""{"list":[1]}""", """{"list":[1,2]}""").Fields.Select(field => field.Path));

    [Fact]
    public void Fields_NamesWithDots_HavePathsOfTheirOwn() =>
        Assert.Equal(["a.b", "[\"a.b\"]"], Of("""{"a":{"b":1},"a.b":2}""", """{"a":{"b":2},"a.b":1}""").Differing.Select(field => field.Path));

    [Fact]
    public void Fields_NoObjects_AreTheWholeValue() => Assert.Equal([""], Of("1", """{"a":1}""").Fields.Select(field => field.Path));

    [Fact]
    public void Merge_FieldsFromBoth_BuildsTheNestedValue()
    {
        var diff = Of("""{"a":{"b":1,"c":2},"gone":1,"l":[{"x":1},2]}""", """{"a":{"b":9,"c":2},"new":7,"l":[{"x":5},2]}""");

        var merged = diff.Merge(path => path is "a.b" or "new" or "l[0].x" ? 1 : 0);

        Assert.True(JsonElement.DeepEquals(
            Examples.Json("""{"a":{"b":9,"c":2},"gone":1,"new":7,"l":[{"x":5},2]}"""), JsonSerializer.SerializeToElement(merged)));
    }

    [Fact]
    public void Merge_FieldThatTheVersionLacks_IsLeftOut() =>
        Assert.Equal("""{"a":1}""", Of("""{"a":1,"b":2}""", """{"a":1}""").Merge(path => path == "b" ? 1 : 0)!.ToJsonString());

    [Fact]
    public void Fields_MoreThanTheLimit_EndAndStillMerge()
    {
        var text = JsonSerializer.Serialize(Enumerable.Range(0, 3).ToDictionary(i => $"o{i}", _ => Enumerable.Range(0, 400).ToDictionary(i => $"f{i}", i => i)));
        var diff = Of(text, text.Replace(":7,", ":8,"));

        Assert.InRange(diff.Fields.Count, 400, 802);
        Assert.True(JsonElement.DeepEquals(Examples.Json(text.Replace(":7,", ":8,")), JsonSerializer.SerializeToElement(diff.Merge(_ => 1))));
    }

    private static VersionDiff Of(params string[] values) => VersionDiff.Of([.. values.Select(value => (JsonElement?)Examples.Json(value))]);
}
