using Quorate.Contracts.Cluster;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Nodes;
using Quorate.Node.Access;

namespace Quorate.Gateway.Hosting;

/// <summary>Shows that the nodes hold the same state: an entry asks each for its state hash right there, so all speak of the same moment.</summary>
internal sealed class ConsistencyCheck(ClusterClient cluster, TimeProvider time)
{
    /// <summary>Hashing a large state takes seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>A node that said nothing new for this long is not waited for.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <exception cref="NoQuorumException">The entry could not be written.</exception>
    public async Task<ConsistencyReport> RunAsync(WriteOptions write, CancellationToken cancel)
    {
        var marked = (CommandResult.StateMarked)await cluster.ExecuteAsync(new StateMark(), write, cancel);
        var started = time.GetTimestamp();
        while (Missing(marked.Index) is var missing && missing.Length > 0)
        {
            var waited = time.GetElapsedTime(started);
            if (waited > Limit || (waited > SilenceLimit && missing.All(link => link.Status is null || link.Status.AppliedIndex.Value < marked.Index)))
            {
                break;
            }

            await Task.Delay(Poll, cancel);
        }

        NodeHash[] hashes = [.. cluster.Links.OrderBy(link => link.Id).Select(link => new NodeHash(link.Id.Value, HashOf(link, marked.Index)))];
        var known = hashes.Where(node => node.Hash is not null).Select(node => node.Hash).ToArray();
        return new ConsistencyReport(marked.Index, known.Length < 2 ? null : known.Distinct().Count() == 1, hashes);
    }

    private INodeLink[] Missing(long index) => [.. cluster.Links.Where(link => HashOf(link, index) is null)];

    private static string? HashOf(INodeLink link, long index) => link.Status?.Mark is { } mark && mark.Index.Value == index ? mark.Hash : null;
}
