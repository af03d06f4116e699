using System.Globalization;
using System.Net;
using Quorate.Core.Raft;
using Quorate.Core.Replication.Regions;
using Quorate.Gateway.Hosting;
using Quorate.Node;
using Quorate.Node.Commands;
using Quorate.Node.Transport;

namespace Quorate.Gateway.Regions;

/// <summary>Reads and checks the section <c>Regions</c>. Every mistake gets a sentence that names its key.</summary>
internal sealed class RegionsConfiguration
{
    private const string Embedded = "Regions:Embedded";
    private const string NodesPerRegion = "Regions:NodesPerRegion";
    private const string Self = "Regions:Self";
    private const string Listen = "Regions:Listen";
    private const string Peers = "Regions:Peers";
    private const string Coordinator = "Regions:Coordinator";
    private const string Secret = "Regions:Secret";
    private const string Tls = "Regions:Tls";
    private const int ShortestSecret = 8;

    /// <summary>Directories beside those of the regions.</summary>
    private static readonly string[] Reserved = ["keys", "followers"];

    private readonly IConfiguration _configuration;
    private readonly List<string> _errors;

    private RegionsConfiguration(IConfiguration configuration, List<string> errors) => (_configuration, _errors) = (configuration, errors);

    /// <param name="errors">Gets everything that is wrong; the options are then not to be used.</param>
    public static RegionsOptions Read(IConfiguration configuration, List<string> errors)
    {
        var reader = new RegionsConfiguration(configuration, errors);
        return reader.Has(Embedded) ? reader.ReadEmbedded() : reader.Has(Self) ? reader.ReadSelf() : reader.ReadNothing();
    }

    private RegionsOptions ReadNothing()
    {
        foreach (var key in (string[])[NodesPerRegion, Listen, Peers, Coordinator])
        {
            Require(!Has(key), $"{key} needs {Embedded} (several regions in this process) or {Self} (the region of this process).");
        }

        return new([ClusterOptions.LocalRegion], [ClusterOptions.LocalRegion], ClusterOptions.LocalRegion, 0, null, NoPeers, null, null, new RegionLimits());
    }

    private RegionsOptions ReadEmbedded()
    {
        foreach (var key in (string[])[Self, Listen, Peers])
        {
            Require(!Has(key), $"{key} is for a region in a process of its own, and {Embedded} for several in one: set one of them.");
        }

        foreach (var key in (string[])["Cluster:Members", "Cluster:Embedded:Nodes"])
        {
            Require(!Has(key), $"{key} does not go with {Embedded}, which runs a cluster for each region: set {NodesPerRegion}.");
        }

        var regions = Split(Text(Embedded));
        CheckNames(Embedded, regions);
        foreach (var name in regions.Intersect(Reserved))
        {
            _errors.Add($"{Embedded} has '{name}', which is the name of another directory below Cluster:DataDirectory.");
        }

        return new(
            regions,
            regions,
            ReadCoordinator(regions, regions.FirstOrDefault("")),
            Number(NodesPerRegion, 1, 1, ClusterOptions.MaxEmbeddedNodes),
            null,
            NoPeers,
            null,
            null,
            ReadLimits());
    }

    private RegionsOptions ReadSelf()
    {
        Require(!Has(NodesPerRegion), $"{NodesPerRegion} needs {Embedded}; with {Self} set Cluster:Embedded:Nodes.");
        var self = Text(Self);
        var peers = ReadPeers();
        peers.Remove(self);
        var regions = Split(Text(Peers)).Select(part => part.Split('=')[0]).Append(self).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        CheckNames(Self, [self]);
        Require(peers.Count > 0, $"{Peers} must name the other regions, such as us=http://10.0.0.2:7100.");
        Require(regions.Length <= RegionSettings.MaxRegions, $"{Peers} may name at most {RegionSettings.MaxRegions} regions, but names {regions.Length}.");
        var secret = Has(Secret) ? Text(Secret) : null;
        Require(secret is null or { Length: >= ShortestSecret }, $"{Secret} must have at least {ShortestSecret} characters.");
        var listen = ReadListen();
        var beyond = (listen is not null && !IPAddress.IsLoopback(listen.Address)) || peers.Values.Any(peer => !peer.IsLoopback);
        Require(!beyond || secret is not null, $"{Secret} is needed: {Listen} or {Peers} leave this machine.");
        return new(regions, [self], ReadCoordinator(regions, null), 0, listen, peers, secret, ReadTls(), ReadLimits());
    }

    private static Dictionary<string, Uri> NoPeers => [];

    private void CheckNames(string key, IReadOnlyList<string> names)
    {
        foreach (var name in names.Where(name => !NodeOptions.IsName(name, NodeId.MaxLength)))
        {
            _errors.Add($"{key} must be 1 to {NodeId.MaxLength} letters, digits, '.', '_' or '-' for each region, but has '{name}'.");
        }

        Require(names.Distinct(StringComparer.Ordinal).Count() == names.Count, $"{key} names one region twice.");
        Require(key != Embedded || names.Count >= 2, $"{Embedded} (--regions) must name at least two regions, such as eu,us,ap.");
        Require(names.Count <= RegionSettings.MaxRegions, $"{key} may name at most {RegionSettings.MaxRegions} regions, but names {names.Count}.");
    }

    private string ReadCoordinator(IReadOnlyList<string> regions, string? otherwise)
    {
        var coordinator = Has(Coordinator) ? Text(Coordinator) : otherwise;
        Require(
            coordinator is not null && (regions.Contains(coordinator) || !Has(Coordinator)),
            $"{Coordinator} must be one of {string.Join(", ", regions)}, the same for every region, but is '{coordinator}'.");
        return coordinator ?? "";
    }

    private Dictionary<string, Uri> ReadPeers()
    {
        var peers = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var part in Split(Text(Peers)))
        {
            if (part.Split('=', 2) is not [var name, var url]
                || !NodeOptions.IsName(name, NodeId.MaxLength)
                || !Uri.TryCreate(url, UriKind.Absolute, out var address)
                || address.Scheme is not ("http" or "https"))
            {
                _errors.Add($"{Peers} must be region=http://host:port, separated by commas, but has '{part}'.");
            }
            else
            {
                Require(peers.TryAdd(name, address), $"{Peers} names {name} twice.");
            }
        }

        return peers;
    }

    private IPEndPoint? ReadListen()
    {
        if (!Has(Listen))
        {
            _errors.Add($"{Listen} is missing: where the other regions reach this one, such as 127.0.0.1:7100.");
            return null;
        }

        if (IPEndPoint.TryParse(Text(Listen), out var address) && Addresses.TryParse(Text(Listen), lowestPort: 0, out _))
        {
            return address;
        }

        _errors.Add($"{Listen} must be an IP address and a port, such as 127.0.0.1:7100, but is '{Text(Listen)}'.");
        return null;
    }

    private TlsOptions? ReadTls()
    {
        string[] keys = [$"{Tls}:Certificate", $"{Tls}:Key", $"{Tls}:Authority"];
        if (!keys.Any(Has))
        {
            return null;
        }

        foreach (var key in keys)
        {
            Require(Has(key) && File.Exists(Text(key)), $"{key} must be a PEM file that exists{(Has(key) ? $", but is '{Text(key)}'" : "; it is missing")}.");
        }

        return new TlsOptions { CertificatePath = Text(keys[0]), KeyPath = Text(keys[1]), AuthorityPath = Text(keys[2]) };
    }

    private RegionLimits ReadLimits()
    {
        var preset = new RegionLimits();
        return new RegionLimits(
            Number("Regions:ClockBudgetMs", preset.ClockBudgetMs, 100, 3_600_000),
            Share("Regions:BrakeShare", preset.BrakeShare),
            Number("Regions:BrakeMinimum", preset.BrakeMinimum, 1, 1_000_000),
            Number("Regions:MaxOutbox", preset.MaxOutbox, 1_000, 10_000_000),
            int.TryParse(Text("Gateway:MaxPayloadBytes"), out var payload) ? Math.Max(payload, preset.MaxDocumentBytes) : preset.MaxDocumentBytes);
    }

    private int Number(string key, int otherwise, int min, int max)
    {
        if (!Has(key))
        {
            return otherwise;
        }

        var read = int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        Require(read && number >= min && number <= max, $"{key} must be a whole number from {min} to {max}, but is '{Text(key)}'.");
        return number;
    }

    private double Share(string key, double otherwise)
    {
        if (!Has(key))
        {
            return otherwise;
        }

        var read = double.TryParse(Text(key), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share);
        Require(read && share is > 0 and <= 1, $"{key} must be a number above 0 and at most 1, but is '{Text(key)}'.");
        return share;
    }

    private bool Has(string key) => !string.IsNullOrEmpty(_configuration[key]);

    private string Text(string key) => _configuration[key] ?? "";

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private void Require(bool holds, string sentence)
    {
        if (!holds)
        {
            _errors.Add(sentence);
        }
    }
}
