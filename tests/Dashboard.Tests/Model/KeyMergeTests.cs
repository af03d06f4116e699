using System.Text.Json;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class KeyMergeTests
{
    [Fact]
    public void Merge_EachSideChangedSomethingElse_TakesBoth()
    {
        var merge = Of("""{"a":1,"b":1,"c":1}""", """{"a":2,"b":1,"c":1}""", """{"a":1,"b":3,"c":1}""");

        Assert.Equal(["a", "b"], merge.Differing.Select(field => field.Name));
        Assert.DoesNotContain(merge.Fields, field => field.Contested);
        Assert.Equal("""{"a":2,"b":3,"c":1}""", Json(merge));
    }

    [Fact]
    public void Merge_BothChangedTheSameMember_IsContestedAndMineUntilDecided()
    {
        var merge = Of("""{"a":1}""", """{"a":2}""", """{"a":3}""");
        var field = Assert.Single(merge.Differing);

        Assert.True(field.Contested);
        Assert.Equal("""{"a":2}""", Json(merge));
        field.Side = MergeSide.Theirs;
        Assert.Equal("""{"a":3}""", Json(merge));
        field.Side = MergeSide.Base;
        Assert.Equal("""{"a":1}""", Json(merge));
    }

    [Fact]
    public void Merge_MembersAddedAndRemoved_FollowWhoeverDidIt()
    {
        var merge = Of("""{"gone":1,"kept":1}""", """{"kept":1,"mine":1}""", """{"gone":1,"kept":1,"theirs":1}""");

        Assert.Equal("""{"kept":1,"theirs":1,"mine":1}""", Json(merge));
    }

    [Fact]
    public void Merge_BothMadeTheSameChange_IsNotContested()
    {
        var merge = Of("""{"a":1}""", """{"a":2}""", """{"a":2.0}""");

        Assert.False(Assert.Single(merge.Differing).Contested);
    }

    [Theory]
    [InlineData("[1]", "{}")]
    [InlineData("{}", "3")]
    public void Merge_OfWhatIsNoObject_IsNone(string mine, string theirs) =>
        Assert.Null(KeyMerge.Of(Examples.Json("{}"), Examples.Json(mine), Examples.Json(theirs)));

    [Fact]
    public void Merge_WithoutABase_CountsAsAnEmptyOne() =>
        Assert.Equal("""{"b":2,"a":1}""", Json(KeyMerge.Of(null, Examples.Json("""{"a":1}"""), Examples.Json("""{"b":2}"""))!));

    private static KeyMerge Of(string start, string mine, string theirs) =>
        KeyMerge.Of(Examples.Json(start), Examples.Json(mine), Examples.Json(theirs))!;

    private static string Json(KeyMerge merge) => merge.Result().GetRawText();
}
