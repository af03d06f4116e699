using Quorate.Node.Access;

namespace Quorate.Gateway.Hosting;

/// <summary>Links to nodes in processes of their own.</summary>
internal static class RemoteLinks
{
    public static IReadOnlyList<INodeLink> Create(ClusterOptions options, ILoggerFactory loggers) =>
        throw new StartupException("Cluster:Members is not available yet.");
}
