using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Access;
using Quorate.Node.Commands;

namespace Quorate.Gateway.Hosting;

/// <summary>Links this gateway to members that joined later, whichever gateway registered them.</summary>
internal sealed class MemberLinks(ClusterClient cluster, ClusterOptions options, ILoggerFactory loggers) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            foreach (var node in cluster.Peek(state => state.Nodes.All().Where(node => !node.Retired).ToArray()))
            {
                var id = new NodeId(node.Id);
                if (cluster.Links.All(link => link.Id != id) && Addresses.TryParse(node.Address, lowestPort: 1, out var address))
                {
                    cluster.AddLink(RemoteLinks.Create(id, address, options, loggers));
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
