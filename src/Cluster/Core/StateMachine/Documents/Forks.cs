using Quorate.Core.Replication.Regions;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>Names under which the versions of a forked document live on: the key, and <c>.conflict-a</c>, <c>.conflict-b</c>, … by region.</summary>
public static class Forks
{
    private const string Infix = ".conflict-";

    /// <param name="position">From 0.</param>
    public static string NameOf(string key, int position) => $"{key}{Infix}{(char)('a' + position)}";

    /// <summary>The forks of a key that are shown.</summary>
    internal static IEnumerable<string> Of(DocumentCollection collection, string key) => collection.HasForks
        ? Enumerable.Range(0, RegionSettings.MaxRegions).Select(position => NameOf(key, position)).Where(name => collection.ForkOf(name) == key)
        : [];

    /// <summary>The key that a name would be a fork of; null when it does not look like one.</summary>
    internal static string? OriginOf(string name) =>
        name.Length > Infix.Length + 1 && name[^1] is >= 'a' and <= 'p' && name.AsSpan(0, name.Length - 1).EndsWith(Infix)
            ? name[..^(Infix.Length + 1)]
            : null;

    /// <summary>Whether a fork of a key can be shown under a name.</summary>
    internal static bool IsFree(DocumentCollection collection, string name, string key) =>
        collection.ForkOf(name) is { } origin ? origin == key : collection.Versions(name).Versions.All(version => version.IsDeletion);
}
