using System.Text;
using Quorate.Core.Replication;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.Tests.StateMachine;

namespace Quorate.Core.Tests.Replication.Regions;

/// <summary>A region's state by itself: what it makes is collected, what others made is handed to it.</summary>
internal sealed class Region
{
    private readonly HashSet<string> _made = [];

    public Region(string id, params string[] all)
    {
        Id = id;
        Configure(new RegionSettings(id, all, all[0], BrakeShare: 1));
    }

    public string Id { get; }

    public Replica Replica { get; } = new();

    public ClusterState State => Replica.State;

    public void Configure(RegionSettings settings) => Assert.IsType<RegionResult.Configured>(Replica.Apply(new RegionConfigure(settings)));

    public CommandResult Put(string collection, string key, string value, string? rev = null) =>
        Replica.Apply(new DocumentPut(collection, key, rev, Id, Json(value)));

    public CommandResult Delete(string collection, string key) => Replica.Apply(new DocumentDelete(collection, key, null, Id));

    public CommandResult Create(string collection, ConflictStrategy strategy) => Replica.Apply(new CollectionCreate(collection, strategy));

    public void Take(params IEnumerable<ChangeEvent> changes) =>
        Assert.IsType<ExchangeResult.InboxApplied>(Replica.Apply(new InboxMerge([.. changes])));

    /// <summary>What it made, or learnt, since it was asked last.</summary>
    public List<ChangeEvent> News() => [.. State.Documents.ExportChanges().Where(change => _made.Add(Name(change)))];

    public string? Value(string collection, string key) =>
        State.Documents.Get(collection)?.Get(key) is { } document ? Encoding.UTF8.GetString(document.Value.Span) : null;

    public Conflict OnlyConflict() => Assert.Single(State.Regions.Conflicts.All());

    /// <summary>Everything that has to be the same in all regions in the end.</summary>
    public string Contents()
    {
        var text = new StringBuilder();
        foreach (var collection in State.Documents.Range("").Append(State.Documents.Get(SyncEntry.BlobCollection)).OfType<DocumentCollection>())
        {
            text.AppendLine($"{collection.Name} {collection.Strategy} {collection.CreatedAt}");
            foreach (var document in collection.Range(""))
            {
                text.AppendLine($"  {document.Key} = {Encoding.UTF8.GetString(document.Value.Span)} {document.Rev} [{document.Clock}]");
            }

            foreach (var (key, versions) in collection.AllVersions().OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                text.AppendLine($"  {key}: {Text(versions)}");
            }
        }

        foreach (var conflict in State.Regions.Conflicts.All())
        {
            text.AppendLine($"{conflict.Id} {conflict.Collection}/{conflict.Key} {conflict.Status}: {Text(conflict.Versions)}");
            foreach (var (settlement, result) in conflict.Settlements)
            {
                text.AppendLine($"  {settlement.Kind} {settlement.Chosen} -> {result.Rev} [{result.Clock}]");
            }
        }

        return text.ToString();
    }

    public static byte[] Json(string value) => Encoding.UTF8.GetBytes($"\"{value}\"");

    private static string Text(VersionSet versions) => string.Join(" | ", versions.Versions.Select(version => $"{version.Region} {version.Rev} [{version.Clock}]"));

    private static string Name(ChangeEvent change) =>
        $"{change.Kind} {change.Collection} {change.Key} {change.At} {change.Version?.Rev} {change.Settlement?.Conflict} {change.Settlement?.Kind} {change.Strategy}";
}
