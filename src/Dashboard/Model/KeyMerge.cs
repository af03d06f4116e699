using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quorate.Dashboard.Model;

/// <summary>Whose version of a member is taken.</summary>
public enum MergeSide
{
    Mine,
    Theirs,
    Base,
}

/// <summary>One member of an object that two people changed. Null where that side does not have it.</summary>
public sealed class MergeField(string name, JsonElement? start, JsonElement? mine, JsonElement? theirs)
{
    public string Name => name;

    public JsonElement? Base => start;

    public JsonElement? Mine => mine;

    public JsonElement? Theirs => theirs;

    /// <summary>Both changed it, and not to the same.</summary>
    public bool Contested { get; } = !Same(mine, theirs) && !Same(mine, start) && !Same(theirs, start);

    /// <summary>Who alone changed it is taken; of what both changed, mine until somebody decides.</summary>
    public MergeSide Side { get; set; } = Same(mine, start) ? MergeSide.Theirs : MergeSide.Mine;

    public JsonElement? Chosen => Side switch
    {
        MergeSide.Mine => mine,
        MergeSide.Theirs => theirs,
        _ => start,
    };

    public static bool Same(JsonElement? a, JsonElement? b) =>
        a is null || b is null ? a is null && b is null : JsonElement.DeepEquals(a.Value, b.Value);
}

/// <summary>A merge of two objects that began as the same one, member by member.</summary>
public sealed class KeyMerge
{
    private KeyMerge(IReadOnlyList<MergeField> fields) => Fields = fields;

    /// <summary>Members that are not the same on all three sides are what is to decide; the others are carried along.</summary>
    public IReadOnlyList<MergeField> Fields { get; }

    public IEnumerable<MergeField> Differing =>
        Fields.Where(each => !MergeField.Same(each.Mine, each.Theirs) || !MergeField.Same(each.Mine, each.Base));

    /// <summary>Null unless mine and theirs are objects; a base that is none counts as an empty one.</summary>
    public static KeyMerge? Of(JsonElement? start, JsonElement? mine, JsonElement? theirs)
    {
        if (mine is not { ValueKind: JsonValueKind.Object } own || theirs is not { ValueKind: JsonValueKind.Object } other)
        {
            return null;
        }

        JsonElement? origin = start is { ValueKind: JsonValueKind.Object } ? start : null;
        var names = Names(other).Union(Names(own)).Union(origin is { } known ? Names(known) : []);
        return new KeyMerge([.. names.Select(name => new MergeField(name, Member(origin, name), Member(own, name), Member(other, name)))]);
    }

    /// <summary>The object as it was decided.</summary>
    public JsonElement Result()
    {
        var result = new JsonObject();
        foreach (var field in Fields)
        {
            if (field.Chosen is { } value)
            {
                result[field.Name] = JsonNode.Parse(value.GetRawText());
            }
        }

        return JsonSerializer.SerializeToElement(result);
    }

    private static IEnumerable<string> Names(JsonElement value) => value.EnumerateObject().Select(member => member.Name);

    private static JsonElement? Member(JsonElement? value, string name) =>
        value is { } known && known.TryGetProperty(name, out var member) ? member : null;
}
