using System.Text;

namespace Quorate.Dashboard.Model;

/// <summary>The console's own addresses; what is selected, filtered and sorted stands in them.</summary>
public static class Addresses
{
    public const string Overview = "/";
    public const string Topology = "/topology";
    public const string Leaders = "/leaders";
    public const string Locks = "/locks";
    public const string Queues = "/queues";
    public const string KeyValue = "/kv";
    public const string Cache = "/cache";
    public const string Documents = "/documents";
    public const string Blobs = "/blobs";
    public const string Replication = "/replication";
    public const string Conflicts = "/conflicts";
    public const string Elections = "/elections";
    public const string Events = "/events";

    public static string Node(string id) => With(Topology, ("node", id));

    public static string TopologyView(string? view, string? node = null) => With(Topology, ("view", view), ("node", node));

    public static string Lock(string name) => With(Locks, ("lock", name));

    public static string Queue(string name, string? view = null, long? message = null) =>
        With(Queues + "/detail", ("queue", name), ("view", view), ("message", message is { } id ? Format.Id(id) : null));

    public static string Key(string key, string? prefix = null) => With(KeyValue, ("prefix", prefix), ("key", key));

    public static string CacheKey(string? key, string? sort = null) => With(Cache, ("sort", sort), ("key", key));

    public static string CollectionOf(string name, string? region = null) => With(Documents, ("region", region), ("collection", name));

    public static string Document(string collection, string key, string? region = null) =>
        With(Documents, ("region", region), ("collection", collection), ("key", key));

    public static string Conflict(string id, string? region = null) => With(Conflicts + "/detail", ("region", region), ("conflict", id));

    /// <param name="queue">The region whose panel is open.</param>
    /// <param name="state">Which of its changes are listed.</param>
    public static string Regions(string? queue = null, string? state = null, string? sort = null) =>
        With(Replication, ("view", "regions"), ("region", queue), ("state", state), ("sort", sort));

    public static string Election(string name) => With(Elections, ("election", name));

    public static string EventsView(string? view, string? pattern = null) => With(Events, ("view", view), ("pattern", pattern));

    /// <summary>Parameters without a value are left out.</summary>
    public static string With(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var address = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (!string.IsNullOrEmpty(value))
            {
                address.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }

        return address.ToString();
    }
}
