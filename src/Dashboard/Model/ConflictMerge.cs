using System.Text.Json;
using Quorate.Contracts.Regions;

namespace Quorate.Dashboard.Model;

/// <summary>A merge of the versions of a conflict: field by field from one of them, then as text that can be edited.</summary>
public sealed class ConflictMerge
{
    private readonly Dictionary<string, int> _picks = new(StringComparer.Ordinal);
    private readonly int _first;

    private ConflictMerge(VersionDiff diff, int first)
    {
        (Diff, _first, Text) = (diff, first, "");
        Rebuild();
    }

    public VersionDiff Diff { get; }

    public string Text { get; private set; }

    /// <summary>Whether the text was typed in; picking a field writes it anew.</summary>
    public bool Edited { get; private set; }

    /// <summary>Where the text is not JSON, as line and column; null when it is.</summary>
    public string? Error { get; private set; }

    /// <summary>Begins with the version that is shown now. Deletions have no fields to pick.</summary>
    public static ConflictMerge Of(ConflictView conflict)
    {
        var living = Living(conflict);
        return new ConflictMerge(VersionDiff.Of(Values(living)), Math.Max(0, living.ToList().FindIndex(version => version.IsWinner)));
    }

    /// <summary>Versions with a value, in the order in which fields are picked from them.</summary>
    public static IReadOnlyList<ConflictVersionView> Living(ConflictView conflict) => [.. conflict.Versions.Where(version => !version.Deleted)];

    /// <summary>A value that is JSON's null arrives as none.</summary>
    public static IReadOnlyList<JsonElement?> Values(IEnumerable<ConflictVersionView> versions) => [.. versions.Select(version => version.Deleted ? (JsonElement?)null : version.Value ?? Null)];

    private static readonly JsonElement Null = JsonSerializer.SerializeToElement<object?>(null);

    /// <summary>Index of the version that a field is taken from.</summary>
    public int Picked(string path) => _picks.GetValueOrDefault(path, _first);

    public void Pick(string path, int version) => _picks[path] = version;

    public void Rebuild()
    {
        Text = KeyEditor.Write(JsonSerializer.SerializeToElement(Diff.Merge(Picked)));
        (Edited, Error) = (false, null);
    }

    public void Edit(string text)
    {
        (Text, Edited) = (text, true);
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

    /// <exception cref="JsonException">While there is an <see cref="Error"/>.</exception>
    public JsonElement Value()
    {
        using var document = JsonDocument.Parse(Text);
        return document.RootElement.Clone();
    }
}
