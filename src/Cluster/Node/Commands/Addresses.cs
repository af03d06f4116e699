using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Quorate.Core.Raft;

namespace Quorate.Node.Commands;

/// <summary>Addresses as they are written on a command line: <c>host:port</c>, <c>1.2.3.4:port</c>, <c>[::1]:port</c>.</summary>
public static class Addresses
{
    public static bool TryParse(string text, int lowestPort, [NotNullWhen(true)] out EndPoint? address)
    {
        address = null;
        var colon = text.LastIndexOf(':');
        if (colon <= 0
            || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port < lowestPort || port > IPEndPoint.MaxPort)
        {
            return false;
        }

        var host = text[..colon];
        address = Uri.CheckHostName(host) switch
        {
            UriHostNameType.IPv4 => new IPEndPoint(IPAddress.Parse(host), port),
            UriHostNameType.IPv6 when host.StartsWith('[') => new IPEndPoint(IPAddress.Parse(host), port),
            UriHostNameType.Dns => new DnsEndPoint(host, port),
            _ => null,
        };
        return address is not null;
    }

    /// <summary>The address itself, or the first that its name stands for.</summary>
    /// <exception cref="SocketException">The name is unknown.</exception>
    public static IPEndPoint Resolve(EndPoint address) =>
        address is DnsEndPoint dns ? new IPEndPoint(Dns.GetHostAddresses(dns.Host)[0], dns.Port) : (IPEndPoint)address;

    public static string Show(EndPoint address) => address is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : address.ToString()!;

    /// <summary>Reads <c>n1=host:port,n2=host:port</c>. Names stay names: they are resolved with each attempt to connect.</summary>
    /// <param name="errors">Gets a line for everything that is wrong, which begins with</param>
    /// <param name="option">what the text was given as.</param>
    public static Dictionary<NodeId, EndPoint> ParsePeers(string text, List<string> errors, string option = "--peers")
    {
        var peers = new Dictionary<NodeId, EndPoint>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var separator = part.IndexOf('=');
            if (separator < 0 || !TryParse(part[(separator + 1)..], lowestPort: 1, out var address))
            {
                errors.Add($"{option}: '{part}' is not of the form id=host:port with a port from 1 to 65535");
            }
            else if (!NodeOptions.IsName(part[..separator], NodeId.MaxLength))
            {
                errors.Add($"{option}: the id '{part[..separator]}' must be 1 to {NodeId.MaxLength} letters, digits, '.', '_' or '-'");
            }
            else if (!peers.TryAdd(new NodeId(part[..separator]), address))
            {
                errors.Add($"{option}: the id '{part[..separator]}' is there twice");
            }
        }

        foreach (var shared in peers.GroupBy(peer => peer.Value).Where(group => group.Count() > 1))
        {
            errors.Add($"{option}: {string.Join(" and ", shared.Select(peer => peer.Key))} have the same address {Show(shared.Key)}");
        }

        return peers;
    }
}
