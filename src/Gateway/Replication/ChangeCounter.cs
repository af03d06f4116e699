using Quorate.Core.Replication;
using Quorate.Core.StateMachine;
using Quorate.Node.Access;

namespace Quorate.Gateway.Replication;

/// <summary>Counts the changes of documents in a cluster's committed log by kind, since this gateway started.</summary>
public sealed class ChangeCounter
{
    private readonly long[] _seen = new long[Enum.GetValues<SyncOperation>().Max(operation => (int)operation) + 1];

    public ChangeCounter(ClusterClient cluster) => cluster.Changed += OnChanged;

    public long Seen(SyncOperation operation) => Interlocked.Read(ref _seen[(int)operation]);

    private void OnChanged(MirrorChange change)
    {
        foreach (var item in change.Events)
        {
            if (item is StateEvent.DocumentChanged changed)
            {
                Interlocked.Increment(ref _seen[(int)changed.Entry.Operation]);
            }
        }
    }
}
