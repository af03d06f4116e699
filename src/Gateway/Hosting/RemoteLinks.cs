using System.Net;
using Quorate.Core.Raft;
using Quorate.Node.Access;
using Quorate.Node.Commands;

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

    // Checked by ClusterOptions.
    private static EndPoint EndPointOf(string address) =>
        Addresses.TryParse(address, lowestPort: 1, out var endPoint) ? endPoint : throw new ArgumentException($"{address} is no address");
}
