using System.Text.Encodings.Web;
using System.Text.Json;
using Quorate.Contracts.Kv;

namespace Quorate.Dashboard.Model;

/// <summary>One value being edited. What others write meanwhile is shown beside it and never replaces what was typed.</summary>
public sealed class KeyEditor
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private string _original;

    private KeyEditor(string key, KeyView? start)
    {
        Key = key;
        Base = start;
        Text = _original = start is null ? "" : Write(start.Value);
    }

    public string Key { get; }

    /// <summary>The state that the edit started from; null for a key that did not exist.</summary>
    public KeyView? Base { get; private set; }

    public string Text { get; private set; }

    /// <summary>What stands in the cluster now, when that is not what the edit started from.</summary>
    public KeyView? Theirs { get; private set; }

    /// <summary>The key was deleted or expired while it was edited.</summary>
    public bool Removed { get; private set; }

    /// <summary>A save was refused because somebody else wrote first; the operator decides.</summary>
    public bool Conflict { get; private set; }

    public bool Dirty => Text != _original;

    /// <summary>The revision that a save expects; 0: that the key does not exist.</summary>
    public long ExpectedRevision => Base?.Revision ?? 0;

    /// <summary>Why the text is not JSON, or null when it is.</summary>
    public string? Error { get; private set; }

    public static KeyEditor Open(KeyView key) => new(key.Key, key);

    public static KeyEditor Create(string key) => new(key, null);

    public void Edit(string text)
    {
        Text = text;
        Error = TryRead(text, out _, out var error) ? null : error;
    }

    /// <summary>The value to save.</summary>
    /// <exception cref="JsonException">While there is an <see cref="Error"/>.</exception>
    public JsonElement Value()
    {
        using var document = JsonDocument.Parse(Text);
        return document.RootElement.Clone();
    }

    /// <summary>The cluster has a newer state of the key.</summary>
    public void Receive(KeyView current)
    {
        if (current.Revision <= Math.Max(ExpectedRevision, Theirs?.Revision ?? 0))
        {
            return;
        }

        Removed = false;
        if (Dirty)
        {
            Theirs = current;
        }
        else
        {
            Restart(current);
        }
    }

    public void ReceiveRemoval() => (Removed, Theirs) = (true, null);

    /// <summary>A save was refused.</summary>
    /// <param name="current">What stands there instead; null when the key is gone.</param>
    public void Refuse(KeyView? current)
    {
        Conflict = true;
        Theirs = current;
        Removed = current is null;
    }

    /// <summary>Gives up the own text.</summary>
    public void TakeTheirs()
    {
        Restart(Theirs);
        Removed = false;
    }

    /// <summary>Keeps the own text and expects their revision, so that a save overwrites exactly what was looked at.</summary>
    public void KeepMine()
    {
        Base = Theirs;
        _original = Write(Theirs?.Value);
        Theirs = null;
        Conflict = false;
        Removed = false;
    }

    /// <summary>A save went through.</summary>
    public void Saved(long revision, DateTimeOffset at)
    {
        var value = Value();
        Restart(new KeyView(Key, value, revision, Base?.CreateRevision ?? revision, (Base?.Version ?? 0) + 1, at, Base?.ExpiresAt, Size(value)));
    }

    public static string Write(JsonElement? value) =>
        value is { ValueKind: not JsonValueKind.Undefined } element ? JsonSerializer.Serialize(element, Readable) : "null";

    private static int Size(JsonElement value) => System.Text.Encoding.UTF8.GetByteCount(value.GetRawText());

    private void Restart(KeyView? from)
    {
        Base = from;
        Text = _original = from is null ? "" : Write(from.Value);
        Theirs = null;
        Conflict = false;
        Error = null;
    }

    private static bool TryRead(string text, out JsonElement value, out string? error)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            value = document.RootElement.Clone();
            error = null;
            return true;
        }
        catch (JsonException exception)
        {
            value = default;
            error = $"{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}";
            return false;
        }
    }
}
