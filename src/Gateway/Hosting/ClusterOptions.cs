using System.Globalization;
using System.Net;
using Quorate.Node;
using Quorate.Node.Commands;

namespace Quorate.Gateway.Hosting;

/// <summary>Which cluster the gateway serves: the section <c>Cluster</c> of the configuration.</summary>
/// <param name="EmbeddedNodes">Nodes inside this process; 0 when <paramref name="Members"/> run elsewhere.</param>
/// <param name="Followers">Ids of read replicas inside this process.</param>
/// <param name="Members">Id and <c>host:port</c> of nodes run elsewhere; empty with embedded nodes.</param>
public sealed record ClusterOptions(
    string DataDirectory,
    int EmbeddedNodes,
    IReadOnlyDictionary<string, string> Members,
    int HeartbeatMs,
    int ElectionMinMs,
    int ElectionMaxMs,
    string? Secret,
    bool LeaseReads,
    IReadOnlyList<string> Followers)
{
    /// <summary>The region that a cluster is, as long as there is one.</summary>
    public const string LocalRegion = "local";

    /// <summary>The region that this cluster is.</summary>
    public string Region { get; init; } = LocalRegion;

    /// <summary>More nodes in one process only slow each other down.</summary>
    public const int MaxEmbeddedNodes = 9;

    private const string DemoFollowers = "reader-1,reader-2";
    private const int MaxEmbeddedFollowers = 8;

    /// <param name="errors">Gets everything that is wrong, each with its key; the options are then not to be used.</param>
    public static ClusterOptions Read(IConfiguration configuration, List<string> errors)
    {
        var members = ParseMembers(configuration["Cluster:Members"], errors);
        var embedded = Number(configuration, "Cluster:Embedded:Nodes", members.Count > 0 ? 0 : 3, errors);
        Require(
            embedded is >= 0 and <= MaxEmbeddedNodes,
            $"Cluster:Embedded:Nodes must be 0 to {MaxEmbeddedNodes}, but is {embedded}.");
        Require(
            embedded > 0 != members.Count > 0,
            "Cluster:Members names nodes run elsewhere and Cluster:Embedded:Nodes runs nodes here: set one of them.");
        var directory = configuration["Cluster:DataDirectory"] ?? "./data";
        Require(!string.IsNullOrWhiteSpace(directory), "Cluster:DataDirectory must not be empty.");
        var heartbeat = Number(configuration, "Cluster:HeartbeatMs", 50, errors);
        var (min, max) = Range(configuration["Cluster:ElectionTimeoutMs"] ?? "250-500", errors);
        var secret = configuration["Cluster:Secret"];
        var demo = bool.TryParse(configuration["Demo:Enabled"], out var enabled) && enabled;
        var followers = (configuration["Replication:Followers"] ?? (demo ? DemoFollowers : "")).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Require(followers.Length <= MaxEmbeddedFollowers, $"Replication:Followers may name at most {MaxEmbeddedFollowers} followers, but names {followers.Length}.");
        Require(followers.Distinct(StringComparer.Ordinal).Count() == followers.Length, "Replication:Followers names one follower twice.");
        foreach (var id in followers.Where(id => !NodeOptions.IsName(id, Core.Raft.NodeId.MaxLength)))
        {
            errors.Add($"Replication:Followers must be ids of 1 to 64 letters, digits, '.', '_' or '-', but has '{id}'.");
        }

        var lease = false;
        Require(
            string.IsNullOrEmpty(configuration["Cluster:LeaseReads"]) || bool.TryParse(configuration["Cluster:LeaseReads"], out lease),
            $"Cluster:LeaseReads must be true or false, but is '{configuration["Cluster:LeaseReads"]}'.");
        if (errors.Count == 0)
        {
            // The nodes know best what fits together; a stand-in carries the values to their rules.
            var probe = new NodeOptions
            {
                Id = "n1",
                Listen = new IPEndPoint(IPAddress.Loopback, 0),
                DataDirectory = directory,
                HeartbeatMs = heartbeat,
                ElectionTimeoutMinMs = min,
                ElectionTimeoutMaxMs = max,
                Secret = string.IsNullOrEmpty(secret) ? null : secret,
            };
            errors.AddRange(probe.Validate().Select(error => $"Cluster: {error}."));
        }

        return new ClusterOptions(
            string.IsNullOrWhiteSpace(directory) ? directory : Path.GetFullPath(directory),
            embedded, members, heartbeat, min, max, string.IsNullOrEmpty(secret) ? null : secret, lease, followers);

        void Require(bool holds, string sentence)
        {
            if (!holds)
            {
                errors.Add(sentence);
            }
        }
    }

    private static int Number(IConfiguration configuration, string key, int otherwise, List<string> errors)
    {
        var text = configuration[key];
        if (string.IsNullOrEmpty(text))
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        errors.Add($"{key} must be a whole number, but is '{text}'.");
        return otherwise;
    }

    private static (int Min, int Max) Range(string text, List<string> errors)
    {
        var parts = text.Split('-');
        if (parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var min)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var max))
        {
            return (min, max);
        }

        errors.Add($"Cluster:ElectionTimeoutMs must be two numbers of milliseconds such as 250-500, but is '{text}'.");
        return (0, 0);
    }

    private static Dictionary<string, string> ParseMembers(string? text, List<string> errors)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pair = part.Split('=', 2);
            if (pair.Length != 2 || !NodeOptions.IsName(pair[0], 64) || !Addresses.TryParse(pair[1], lowestPort: 1, out _))
            {
                errors.Add($"Cluster:Members must be id=host:port, separated by commas, but has '{part}'.");
            }
            else if (!members.TryAdd(pair[0], pair[1]))
            {
                errors.Add($"Cluster:Members names {pair[0]} twice.");
            }
        }

        return members;
    }
}
