using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Regions;

namespace Quorate.Dashboard.Model;

/// <summary>What is about to be done with a conflict.</summary>
/// <param name="Kind"><c>take</c>, <c>merge</c>, <c>fork</c>, <c>undo</c> a decision, or <c>flip</c> what a strategy decided.</param>
/// <param name="Region">Whose version is taken; null for the others.</param>
/// <param name="Request">Null for the last two, which take something back.</param>
/// <param name="Results">What stands afterwards: key and value, null when it is deleted.</param>
public sealed record Resolution(string Kind, string? Region, ResolveConflictRequest? Request, IReadOnlyList<(string Key, string? Value)> Results)
{
    public static Resolution Take(ConflictView conflict, ConflictVersionView version) => new(
        "take", version.Region, new ResolveConflictRequest(Region: version.Region, Rev: conflict.Current?.Rev), [(conflict.Key, Write(version))]);

    public static Resolution Merge(ConflictView conflict, JsonElement value) => new(
        "merge", null, new ResolveConflictRequest(Value: value, Rev: conflict.Current?.Rev), [(conflict.Key, KeyEditor.Write(value))]);

    /// <summary>Versions get letters in the order of their regions; the original name is gone.</summary>
    public static Resolution Fork(ConflictView conflict) => new(
        "fork", null, new ResolveConflictRequest(ConflictStrategies.Fork, Rev: conflict.Current?.Rev),
        [
            (conflict.Key, null),
            .. conflict.Versions.Where(version => !version.Deleted).OrderBy(version => version.Region, StringComparer.Ordinal)
                .Select((version, index) => ($"{conflict.Key}.conflict-{(char)('a' + index)}", Write(version))),
        ]);

    /// <summary>What somebody decided is taken back by the version that was shown before: the latest. What the last writer won, by the other one.</summary>
    public static Resolution Undo(ConflictView conflict)
    {
        var byTime = conflict.Versions.OrderBy(version => version.At).ThenBy(version => version.Region, StringComparer.Ordinal).ToList();
        var flips = conflict.Settlements.Count == 0 && conflict.Strategy == ConflictStrategies.LastWriterWins;
        return new Resolution(flips ? "flip" : "undo", null, null, [(conflict.Key, Write(flips ? byTime[0] : byTime[^1]))]);
    }

    /// <summary>The request's body as a command sends it: without what is not said.</summary>
    public string Body()
    {
        var body = JsonSerializer.SerializeToNode(Request, ContractJson.Options)!.AsObject();
        foreach (var name in body.Where(member => member.Value is null && !(Kind == "merge" && member.Key == "value")).Select(member => member.Key).ToList())
        {
            body.Remove(name);
        }

        return body.ToJsonString(Readable);
    }

    private static string? Write(ConflictVersionView version) => version.Deleted ? null : KeyEditor.Write(version.Value);

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
