using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quorate.Dashboard.Model;

/// <summary>One field in several versions of a document.</summary>
/// <param name="Path">Where: <c>limits.rate</c>, <c>hosts[2]</c>; empty for the value as a whole.</param>
/// <param name="Values">One for each version; null where that version does not have it.</param>
public sealed record VersionField(string Path, IReadOnlyList<JsonElement?> Values)
{
    public bool Same => Values.All(value => MergeField.Same(value, Values[0]));

    /// <summary><c>same</c>; <c>changed</c>; <c>added</c>: the first version lacks it; <c>removed</c>: only the first has it.</summary>
    public string Kind =>
        Same ? "same"
        : Values[0] is null ? "added"
        : Values.Skip(1).All(value => value is null) ? "removed"
        : "changed";
}

/// <summary>
/// Versions of a document beside each other, field by field. Objects are taken apart, and so are arrays of the same length; everything
/// else counts as one value.
/// </summary>
public sealed class VersionDiff
{
    /// <summary>Differences taken apart; beyond them an object is shown as a whole.</summary>
    public const int MaxFields = 500;

    private readonly IReadOnlyList<JsonElement?> _values;

    private VersionDiff(IReadOnlyList<JsonElement?> values)
    {
        _values = values;
        var fields = new List<VersionField>();
        Take("", values, fields);
        Fields = fields;
    }

    /// <summary>In the order of the documents.</summary>
    public IReadOnlyList<VersionField> Fields { get; }

    public IReadOnlyList<VersionField> Differing => [.. Fields.Where(each => !each.Same)];

    public IReadOnlyList<VersionField> Equal => [.. Fields.Where(each => each.Same)];

    /// <param name="values">Null: that version is a deletion.</param>
    public static VersionDiff Of(IReadOnlyList<JsonElement?> values) => new(values);

    /// <summary>The value in which each field comes from the version that was picked for it.</summary>
    /// <param name="pick">Index of a version by path; what it lacks is left out.</param>
    /// <returns>Null when a deletion was picked as a whole.</returns>
    public JsonNode? Merge(Func<string, int> pick) => Merge("", _values, pick, new Budget(MaxFields)).Node;

    private static void Take(string path, IReadOnlyList<JsonElement?> values, List<VersionField> fields)
    {
        if (Parts(values, fields.Count < MaxFields) is not { } parts)
        {
            fields.Add(new VersionField(path, values));
            return;
        }

        var isArray = IsArray(values);
        foreach (var (part, inner) in parts)
        {
            Take(Join(path, part, isArray), inner, fields);
        }
    }

    private static (bool Has, JsonNode? Node) Merge(string path, IReadOnlyList<JsonElement?> values, Func<string, int> pick, Budget budget)
    {
        if (Parts(values, budget.Left > 0) is not { } parts)
        {
            budget.Left--;
            var picked = values[Math.Clamp(pick(path), 0, values.Count - 1)];
            return (picked is not null, picked is { } value ? JsonNode.Parse(value.GetRawText()) : null);
        }

        var isArray = IsArray(values);
        var (members, items) = (new JsonObject(), new JsonArray());
        foreach (var (part, inner) in parts)
        {
            var (has, node) = Merge(Join(path, part, isArray), inner, pick, budget);
            if (isArray)
            {
                items.Add(node);
            }
            else if (has)
            {
                members[part] = node;
            }
        }

        return (true, isArray ? items : members);
    }

    /// <summary>Null: to be shown as one value.</summary>
    private static List<(string Name, IReadOnlyList<JsonElement?> Values)>? Parts(IReadOnlyList<JsonElement?> values, bool room)
    {
        if (!room || values.Any(value => value is null))
        {
            return null;
        }

        if (values.All(value => value!.Value.ValueKind == JsonValueKind.Object))
        {
            var names = values.SelectMany(value => value!.Value.EnumerateObject().Select(member => member.Name)).Distinct().ToList();
            return names.Count == 0 ? null : [.. names.Select(name => (name, (IReadOnlyList<JsonElement?>)[.. values.Select(value => Member(value!.Value, name))]))];
        }

        if (!values.All(value => value!.Value.ValueKind == JsonValueKind.Array))
        {
            return null;
        }

        var length = values[0]!.Value.GetArrayLength();
        return length == 0 || values.Any(value => value!.Value.GetArrayLength() != length) ? null
            : [.. Enumerable.Range(0, length).Select(i => ($"[{i}]", (IReadOnlyList<JsonElement?>)[.. values.Select(value => (JsonElement?)value!.Value[i])]))];
    }

    /// <summary>A name that would be taken for a path stands in brackets, so that no two fields have the same path.</summary>
    private static string Join(string path, string part, bool index) =>
        index ? path + part
        : part.Length == 0 || part.AsSpan().ContainsAny('.', '[') ? $"{path}[\"{part}\"]"
        : path.Length == 0 ? part
        : $"{path}.{part}";

    private static bool IsArray(IReadOnlyList<JsonElement?> values) => values[0]!.Value.ValueKind == JsonValueKind.Array;

    private static JsonElement? Member(JsonElement value, string name) => value.TryGetProperty(name, out var member) ? member : null;

    /// <summary>Counts leaves as <see cref="Take"/> does, so that both take apart the same.</summary>
    private sealed class Budget(int left)
    {
        public int Left { get; set; } = left;
    }
}
