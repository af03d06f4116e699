using System.Globalization;
using System.Net;
using Quorate.Core.Raft;
using Quorate.Node.Access;
using Quorate.Node.Blobs;
using Quorate.Node.Hosting;
using Quorate.Node.Transport;

namespace Quorate.Node;

/// <summary>How one node runs.</summary>
public sealed record NodeOptions
{
    public required string Id { get; init; }

    /// <summary>Where the node listens for other nodes and clients. Port 0 takes a free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>The voters the cluster is founded with, this node among them; empty for a node that joins a running cluster.</summary>
    public IReadOnlyList<string> Founders { get; init; } = [];

    /// <summary>Everything durable of this node. One node per directory.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Name of the region, shown in the topology.</summary>
    public string Region { get; init; } = "local";

    /// <summary>Milliseconds between heartbeats, 10 to 10,000.</summary>
    public int HeartbeatMs { get; init; } = 50;

    /// <summary>Shortest election timeout in milliseconds: at least four heartbeats.</summary>
    public int ElectionTimeoutMinMs { get; init; } = 250;

    /// <summary>Longest election timeout in milliseconds: more than the shortest, at most 60,000.</summary>
    public int ElectionTimeoutMaxMs { get; init; } = 500;

    /// <summary>
    /// Whether a leader serves reads from a lease instead of asking a quorum each time. Needs clocks that drift by less than a fifth; the
    /// same on every node. Off: a lost connection to the leader starts an election at once, which a lease forbids.
    /// </summary>
    public bool LeaseReads { get; init; }

    /// <summary>Shared by nodes and gateways; null: nobody has to prove anything, which is only for loopback.</summary>
    public string? Secret { get; init; }

    public TlsOptions? Tls { get; init; }

    public SnapshotPolicy Snapshots { get; init; } = new();

    public BlobOptions Blobs { get; init; } = new();

    /// <summary>Milliseconds of one tick: a fifth of the heartbeat, between 1 and 10.</summary>
    public int TickMs => Math.Clamp(HeartbeatMs / 5, 1, 10);

    /// <summary>What is wrong with the options, each a sentence that names the option; empty when all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Require(IsName(Id, NodeId.MaxLength), $"id must be 1 to {NodeId.MaxLength} letters, digits, '.', '_' or '-', but is '{Id}'");
        Require(IsName(Region, NodeId.MaxLength), $"region must be 1 to {NodeId.MaxLength} letters, digits, '.', '_' or '-', but is '{Region}'");
        Require(!string.IsNullOrWhiteSpace(DataDirectory), "data directory must not be empty");
        Require(HeartbeatMs is >= 10 and <= 10_000, Invariant($"heartbeat must be 10 to 10,000 ms, but is {HeartbeatMs}"));
        Require(
            ElectionTimeoutMinMs >= 4 * HeartbeatMs,
            Invariant($"election timeout must be at least four heartbeats ({4 * HeartbeatMs} ms), but begins at {ElectionTimeoutMinMs} ms"));
        Require(
            ElectionTimeoutMaxMs > ElectionTimeoutMinMs && ElectionTimeoutMaxMs <= 60_000,
            Invariant($"election timeout must end above where it begins and at 60,000 ms at most, but is {ElectionTimeoutMinMs}-{ElectionTimeoutMaxMs} ms"));
        Require(Founders.Count == 0 || Founders.Contains(Id), $"id '{Id}' is not among the peers {string.Join(", ", Founders)}");
        Require(Secret is null || Secret.Length >= 8, "secret must have at least 8 characters");
        Tls?.Validate(errors);
        return errors;

        void Require(bool holds, string sentence)
        {
            if (!holds)
            {
                errors.Add(sentence);
            }
        }
    }

    internal RaftHostOptions ToHostOptions() => new(
        new RaftConfig
        {
            Id = new NodeId(Id),
            TickMs = TickMs,
            HeartbeatTicks = HeartbeatMs / TickMs,
            ElectionTicksMin = ElectionTimeoutMinMs / TickMs,
            ElectionTicksMax = ElectionTimeoutMaxMs / TickMs,
            LeaseReads = LeaseReads,
        },
        [.. Founders.Select(founder => new NodeId(founder))],
        Snapshots);

    internal TransportOptions ToTransportOptions() =>
        new() { Node = new NodeId(Id), Listen = Listen, Secret = Secret, Tls = Tls };

    internal TcpNodeLinkOptions ToLinkOptions() => new() { ClientName = Id, Secret = Secret, Tls = Tls };

    /// <summary>Whether a name can be used in file names, addresses and log lines as it is.</summary>
    public static bool IsName(string? name, int maxLength) =>
        name is { Length: > 0 } && name.Length <= maxLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') && name[0] != '.';

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
