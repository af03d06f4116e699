using System.Text.Json;

namespace Quorate.Dashboard.Model;

/// <summary>One difference between two JSON values.</summary>
/// <param name="Path">Where: <c>limits.rate</c>, <c>hosts[2]</c>; empty for the value as a whole.</param>
/// <param name="Before">Null when there was nothing.</param>
/// <param name="After">Null when there is nothing any more.</param>
public sealed record JsonChange(string Path, string? Before, string? After)
{
    public string Kind => Before is null ? "added" : After is null ? "removed" : "changed";
}

/// <summary>What differs between two JSON values, member by member.</summary>
public static class JsonDiff
{
    /// <summary>Differences shown; of values that have nothing in common there would be no end.</summary>
    public const int MaxChanges = 100;

    public static IReadOnlyList<JsonChange> Of(JsonElement? before, JsonElement? after)
    {
        var changes = new List<JsonChange>();
        Compare("", before, after, changes);
        return changes;
    }

    private static void Compare(string path, JsonElement? before, JsonElement? after, List<JsonChange> changes)
    {
        if (changes.Count >= MaxChanges || (before is { } a && after is { } b && JsonElement.DeepEquals(a, b)))
        {
            return;
        }

        switch (before?.ValueKind, after?.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                foreach (var name in Names(before!.Value).Union(Names(after!.Value)))
                {
                    Compare(path.Length == 0 ? name : $"{path}.{name}", Member(before.Value, name), Member(after.Value, name), changes);
                }

                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                var (old, now) = (before!.Value.GetArrayLength(), after!.Value.GetArrayLength());
                for (var i = 0; i < Math.Max(old, now); i++)
                {
                    Compare($"{path}[{i}]", i < old ? before.Value[i] : null, i < now ? after.Value[i] : null, changes);
                }

                break;
            default:
                if (before is not null || after is not null)
                {
                    changes.Add(new JsonChange(path, before?.GetRawText(), after?.GetRawText()));
                }

                break;
        }
    }

    private static IEnumerable<string> Names(JsonElement value) => value.EnumerateObject().Select(member => member.Name);

    private static JsonElement? Member(JsonElement value, string name) => value.TryGetProperty(name, out var member) ? member : null;
}
