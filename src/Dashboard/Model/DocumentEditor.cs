using System.Text.Json;
using Quorate.Contracts.Documents;

namespace Quorate.Dashboard.Model;

/// <summary>One document being edited. What others write meanwhile is shown beside it and never replaces what was typed.</summary>
public sealed class DocumentEditor
{
    private string _original;

    private DocumentEditor(string key, DocumentView? start)
    {
        Key = key;
        Base = start;
        Text = _original = start is null ? "" : KeyEditor.Write(start.Value);
    }

    public string Key { get; }

    /// <summary>The state that the edit started from; null for a document that did not exist.</summary>
    public DocumentView? Base { get; private set; }

    public string Text { get; private set; }

    /// <summary>What is stored now, when that is not what the edit started from.</summary>
    public DocumentView? Theirs { get; private set; }

    /// <summary>Somebody deleted it while it was edited.</summary>
    public bool Removed { get; private set; }

    public bool Dirty => Text != _original;

    /// <summary>Where the text is not JSON, as line and column; null when it is.</summary>
    public string? Error { get; private set; }

    public static DocumentEditor Open(DocumentView document) => new(document.Key, document);

    public static DocumentEditor Create(string key) => new(key, null);

    public void Edit(string text)
    {
        Text = text;
        try
        {
            using var document = JsonDocument.Parse(text);
            Error = null;
        }
        catch (JsonException exception)
        {
            Error = $"{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}";
        }
    }

    /// <summary>The value to save.</summary>
    /// <exception cref="JsonException">While there is an <see cref="Error"/>.</exception>
    public JsonElement Value()
    {
        using var document = JsonDocument.Parse(Text);
        return document.RootElement.Clone();
    }

    /// <summary>What is stored now; null when it is gone.</summary>
    public void Receive(DocumentView? current)
    {
        if (current?.Rev == Base?.Rev)
        {
            return;
        }

        if (current is not null && !Dirty)
        {
            Restart(current);
            return;
        }

        (Theirs, Removed) = (current, current is null);
    }

    /// <summary>Gives up the own text.</summary>
    public void TakeTheirs() => Restart(Theirs);

    /// <summary>Keeps the own text and expects their revision, so that a save overwrites exactly what was looked at.</summary>
    public void KeepMine()
    {
        (Base, _original) = (Theirs, KeyEditor.Write(Theirs?.Value));
        (Theirs, Removed) = (null, false);
    }

    private void Restart(DocumentView? from)
    {
        Base = from;
        Text = _original = from is null ? "" : KeyEditor.Write(from.Value);
        (Theirs, Removed, Error) = (null, false, null);
    }
}
