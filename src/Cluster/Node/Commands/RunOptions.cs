using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Quorate.Core.Raft;

namespace Quorate.Node.Commands;

/// <summary>What a node runs with.</summary>
internal sealed record RunSettings(NodeOptions Node, IReadOnlyDictionary<NodeId, EndPoint> Peers, LogLevel LogLevel);

/// <summary>The options of the node itself. All are read as text, so that every mistake gets a sentence of its own.</summary>
internal sealed class RunOptions
{
    public const string SecretVariable = "QUORATE_SECRET";

    private readonly Option<string> _id = Required("--id", "ID", "Name of this node in the cluster: 1 to 64 letters, digits, '.', '_' or '-'. Never reuse the name of a removed node.");
    private readonly Option<string> _listen = Required("--listen", "HOST:PORT", "Where to listen for nodes and clients. Anything but loopback needs a secret. Port 0 to 65535; 0 takes a free one.");
    private readonly Option<string> _peers = Required("--peers", "ID=HOST:PORT,...", "All nodes of the cluster, this one included. Host names are looked up with each attempt to connect.");
    private readonly Option<string> _data = Required("--data", "DIR", "Directory for everything durable; created when it is missing. One node per directory.");
    private readonly Option<string> _region = Optional("--region", "NAME", "local", "Name of the region: 1 to 64 letters, digits, '.', '_' or '-'.");
    private readonly Option<string> _heartbeat = Optional("--heartbeat-ms", "MS", "50", "Time between two heartbeats of the leader, in milliseconds: 10 to 10000. The same on every node.");
    private readonly Option<string> _election = Optional("--election-ms", "MIN-MAX", "250-500", "Range of the election timeout, in milliseconds: at least four heartbeats, at most 60000. The same on every node.");
    private readonly Option<string> _secretFile = new("--secret-file")
    {
        HelpName = "FILE",
        Description = $"File with the secret that nodes and gateways share, at least 8 characters. Default: the environment variable {SecretVariable}, or none.",
    };

    private readonly Option<bool> _join = new("--join") { Description = "Start empty and wait to be added to a running cluster, instead of founding one with the peers. Default: off." };
    private readonly Option<bool> _leaseReads = new("--lease-reads") { Description = "Serve reads from a lease of the leader instead of asking a quorum each time. Needs clocks that drift by less than a fifth; slows the replacement of a crashed leader to the election timeout. The same on every node. Default: off." };
    private readonly Option<string> _logLevel = Optional("--log-level", "LEVEL", "information", "Least level that is logged: trace, debug, information, warning, error, critical or none.");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_id, _listen, _peers, _data, _region, _heartbeat, _election, _secretFile, _join, _leaseReads, _logLevel])
        {
            command.Add(option);
        }
    }

    /// <summary>Reads everything, adding a sentence for each mistake. The settings are of use only when there is none.</summary>
    public RunSettings Read(ParseResult parsed, List<string> errors)
    {
        var peers = Addresses.ParsePeers(Text(parsed, _peers) ?? "", errors);
        if (Text(parsed, _peers) is not null && peers.Count == 0)
        {
            errors.Add("--peers names no node");
        }

        var listen = ReadListen(Text(parsed, _listen), errors);
        var secret = ReadSecret(Text(parsed, _secretFile), errors);
        if (listen is not null && !IPAddress.IsLoopback(listen.Address) && secret is null)
        {
            errors.Add($"--listen {listen} can be reached from other machines, which needs a secret: give --secret-file, set {SecretVariable}, or listen on 127.0.0.1");
        }

        var joins = parsed.GetResult(_join) is { Implicit: false };
        var election = ReadRange(Text(parsed, _election), errors);
        var options = new NodeOptions
        {
            Id = Text(parsed, _id) ?? peers.Keys.FirstOrDefault(new NodeId("unknown")).Value,
            Listen = listen ?? new IPEndPoint(IPAddress.Loopback, 0),
            Founders = joins ? [] : [.. peers.Keys.Select(peer => peer.Value)],
            DataDirectory = Text(parsed, _data) ?? ".",
            Region = Text(parsed, _region) ?? "",
            HeartbeatMs = ReadNumber(_heartbeat, Text(parsed, _heartbeat), errors),
            ElectionTimeoutMinMs = election.Min,
            ElectionTimeoutMaxMs = election.Max,
            Secret = secret,
            LeaseReads = parsed.GetResult(_leaseReads) is { Implicit: false },
        };
        errors.AddRange(options.Validate());
        return new RunSettings(options, peers, ReadLevel(Text(parsed, _logLevel), errors));
    }

    private static Option<string> Required(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, Required = true };

    private static Option<string> Optional(string name, string value, string preset, string description) =>
        new(name) { HelpName = value, Description = description, DefaultValueFactory = _ => preset };

    // The value of an option that the library has complained about must not be asked for.
    private static string? Text(ParseResult parsed, Option<string> option) =>
        parsed.GetResult(option) is { } result && !result.Errors.Any() && (result.Implicit || result.Tokens.Count == 1) ? parsed.GetValue(option) : null;

    private static IPEndPoint? ReadListen(string? text, List<string> errors)
    {
        if (text is null)
        {
            return null;
        }

        if (!Addresses.TryParse(text, lowestPort: 0, out var address))
        {
            errors.Add($"--listen: '{text}' is not of the form host:port with a port from 0 to 65535");
            return null;
        }

        try
        {
            return Addresses.Resolve(address);
        }
        catch (SocketException e)
        {
            errors.Add($"--listen: the host of '{text}' cannot be looked up: {e.Message}");
            return null;
        }
    }

    private static string? ReadSecret(string? file, List<string> errors)
    {
        if (file is null)
        {
            return Environment.GetEnvironmentVariable(SecretVariable) is { Length: > 0 } secret ? secret : null;
        }

        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"--secret-file: {e.Message}");

            // Something, so that the missing secret is not complained about a second time.
            return "unreadable";
        }
    }

    private static (int Min, int Max) ReadRange(string? text, List<string> errors)
    {
        var preset = (Min: 250, Max: 500);
        if (text is null)
        {
            return preset;
        }

        var parts = text.Split('-');
        if (parts.Length == 2 && TryParse(parts[0], out var min) && TryParse(parts[1], out var max))
        {
            return (min, max);
        }

        errors.Add($"--election-ms: '{text}' is not of the form min-max, in milliseconds");
        return preset;
    }

    private static int ReadNumber(Option option, string? text, List<string> errors)
    {
        const int preset = 50;
        if (text is null)
        {
            return preset;
        }

        if (TryParse(text, out var number))
        {
            return number;
        }

        errors.Add($"{option.Name}: '{text}' is not a number");
        return preset;
    }

    private static LogLevel ReadLevel(string? text, List<string> errors)
    {
        if (text is null)
        {
            return LogLevel.Information;
        }

        if (Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) && !char.IsAsciiDigit(text[0]))
        {
            return level;
        }

        errors.Add($"--log-level: '{text}' is none of {string.Join(", ", Enum.GetNames<LogLevel>()).ToLowerInvariant()}");
        return LogLevel.Information;
    }

    private static bool TryParse(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
