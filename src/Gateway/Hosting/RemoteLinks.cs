using System.Net;
using Quorate.Core.Raft;
using Quorate.Node.Access;
using Quorate.Node.Commands;

namespace Quorate.Gateway.Hosting;

/// <summary>Links to nodes in processes of their own.</summary>
internal static class RemoteLinks
{
    public static IReadOnlyList<INodeLink> Create(ClusterOptions options, ILoggerFactory loggers) =>
        [.. options.Members.Select(member => Create(new NodeId(member.Key), EndPointOf(member.Value), options, loggers))];

    public static INodeLink Create(NodeId id, EndPoint address, ClusterOptions options, ILoggerFactory loggers) => new TcpNodeLink(
        id, address, new TcpNodeLinkOptions { ClientName = "gateway", Secret = options.Secret }, loggers);

    // Checked by ClusterOptions.
    private static EndPoint EndPointOf(string address) =>
        Addresses.TryParse(address, lowestPort: 1, out var endPoint) ? endPoint : throw new ArgumentException($"{address} is no address");
}
