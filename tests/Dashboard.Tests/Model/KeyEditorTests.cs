using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class KeyEditorTests
{
    [Fact]
    public void Receive_WhileUntouched_ShowsTheNewValue()
    {
        var editor = KeyEditor.Open(Examples.Key("k", "1", 5));

        editor.Receive(Examples.Key("k", "2", 6));

        Assert.Equal(("2", 6L, false), (editor.Text, editor.ExpectedRevision, editor.Dirty));
    }

    [Fact]
    public void Receive_WhileEditing_NeverTouchesTheText()
    {
        var editor = Edited("3");

        editor.Receive(Examples.Key("k", "2", 6));

        Assert.Equal(("3", 5L), (editor.Text, editor.ExpectedRevision));
        Assert.Equal(6, editor.Theirs!.Revision);
    }

    [Fact]
    public void Receive_OlderRevision_IsIgnored()
    {
        var editor = Edited("3");
        editor.Receive(Examples.Key("k", "2", 7));

        editor.Receive(Examples.Key("k", "1", 6));

        Assert.Equal(7, editor.Theirs!.Revision);
    }

    [Fact]
    public void KeepMine_AfterAConflict_ExpectsTheirRevision()
    {
        var editor = Edited("3");
        editor.Refuse(Examples.Key("k", "2", 6));

        editor.KeepMine();

        Assert.Equal(("3", 6L, true, false), (editor.Text, editor.ExpectedRevision, editor.Dirty, editor.Conflict));
        Assert.Null(editor.Theirs);
    }

    [Fact]
    public void TakeTheirs_AfterAConflict_GivesUpMine()
    {
        var editor = Edited("3");
        editor.Refuse(Examples.Key("k", "2", 6));

        editor.TakeTheirs();

        Assert.Equal(("2", 6L, false, false), (editor.Text, editor.ExpectedRevision, editor.Dirty, editor.Conflict));
    }

    [Fact]
    public void KeepMine_WhenTheKeyIsGone_ExpectsThatItDoesNotExist()
    {
        var editor = Edited("3");
        editor.Refuse(null);

        editor.KeepMine();

        Assert.Equal((0L, "3"), (editor.ExpectedRevision, editor.Text));
    }

    [Theory]
    [InlineData("{\"a\":}", "1:6")]
    [InlineData("{\n  x\n}", "2:3")]
    public void Edit_NotJson_NamesThePlace(string text, string place) => Assert.Equal(place, Edited(text).Error);

    [Theory]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("[1, 2]")]
    public void Edit_AnyJson_IsAccepted(string text) => Assert.Null(Edited(text).Error);

    [Fact]
    public void Saved_Then_IsCleanAtTheNewRevision()
    {
        var editor = Edited("[1,2]");

        editor.Saved(9, Examples.Now);

        Assert.Equal((9L, false), (editor.ExpectedRevision, editor.Dirty));
    }

    private static KeyEditor Edited(string text)
    {
        var editor = KeyEditor.Open(Examples.Key("k", "1", 5));
        editor.Edit(text);
        return editor;
    }
}
