using Quorate.Core.StateMachine;
using Quorate.Node.Access;

namespace Quorate.Node.Replication.Regions;

/// <summary>A region's cluster through a client of it.</summary>
public sealed class ClusterRegionStore : IRegionStore, IDisposable
{
    private readonly ClusterClient _cluster;

    public ClusterRegionStore(ClusterClient cluster)
    {
        _cluster = cluster;
        cluster.Changed += OnChanged;
    }

    public event Action? Changed;

    public Task<CommandResult> ExecuteAsync(Command command, CancellationToken cancel) => _cluster.ExecuteAsync(command, WriteOptions.None, cancel);

    public T Peek<T>(Func<ClusterState, T> query) => _cluster.Peek(query);

    public void Dispose() => _cluster.Changed -= OnChanged;

    private void OnChanged(MirrorChange change)
    {
        if (change.Restored || change.Events.Any(item => item is StateEvent.DocumentChanged or StateEvent.ChangesMoved or StateEvent.RegionsChanged))
        {
            Changed?.Invoke();
        }
    }
}
