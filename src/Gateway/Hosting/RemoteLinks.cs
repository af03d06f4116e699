using System.Net;
using Quorate.Core.Raft;
using Quorate.Node.Access;

namespace Quorate.Gateway.Hosting;

/// <summary>Links to nodes in processes of their own.</summary>
internal static class RemoteLinks
{
    public static IReadOnlyList<INodeLink> Create(ClusterOptions options, ILoggerFactory loggers)
    {
        var link = new TcpNodeLinkOptions { ClientName = "gateway", Secret = options.Secret };
        return [.. options.Members.Select(member =>
            new TcpNodeLink(new NodeId(member.Key), EndPointOf(member.Value), link, loggers.CreateLogger($"Quorate.Link.{member.Key}")))];
    }

    // Checked by ClusterOptions: there is a colon, and a port after it.
    private static EndPoint EndPointOf(string address)
    {
        if (IPEndPoint.TryParse(address, out var known))
        {
            return known;
        }

        var colon = address.LastIndexOf(':');
        return new DnsEndPoint(address[..colon], int.Parse(address[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }
}
