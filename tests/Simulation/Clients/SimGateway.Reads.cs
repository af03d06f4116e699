using Quorate.Core.Raft;
using Quorate.Core.StateMachine;

namespace Quorate.Simulation.Clients;

internal sealed partial class SimGateway
{
    private readonly List<PendingRead> _unconfirmed = [];
    private readonly List<PendingRead> _confirming = [];
    private readonly List<PendingRead> _confirmed = [];
    private long _confirmation;

    /// <summary>Reads so that every write acknowledged before is seen. The answer is null when no quorum confirmed in time.</summary>
    public void Read(Action<ClusterState?> answer)
    {
        _unconfirmed.Add(new PendingRead(answer, _world.Time.Now + Timeout));
        SendReads();
    }

    /// <summary>Looks at the mirror as it is.</summary>
    public T Peek<T>(Func<ClusterState, T> query) => query(_mirror);

    public void OnReadIndex(long number, LogIndex? index)
    {
        if (number != _confirmation || _confirming.Count == 0)
        {
            return;
        }

        if (index is not { } confirmed)
        {
            FailOverReads();
            return;
        }

        _confirming.ForEach(read => read.Index = confirmed);
        _confirmed.AddRange(_confirming);
        _confirming.Clear();
        ReleaseReads();
        SendReads();
    }

    private void SendReads()
    {
        if (_leader is null || _confirming.Count > 0 || _unconfirmed.Count == 0)
        {
            return;
        }

        _confirming.AddRange(_unconfirmed);
        _unconfirmed.Clear();
        _leader.ReadIndex(++_confirmation);
    }

    private void ReleaseReads()
    {
        var ready = _confirmed.Where(read => read.Index <= _mirror.AppliedIndex).ToList();
        _confirmed.RemoveAll(ready.Contains);
        ready.ForEach(read => read.Answer(_mirror));
    }

    private void FailOverReads()
    {
        _unconfirmed.AddRange(_confirming);
        _confirming.Clear();
    }

    private void ExpireReads()
    {
        foreach (var reads in (ReadOnlySpan<List<PendingRead>>)[_unconfirmed, _confirming, _confirmed])
        {
            foreach (var late in reads.Where(read => read.Deadline <= _world.Time.Now).ToArray())
            {
                reads.Remove(late);
                late.Answer(null);
            }
        }
    }

    private sealed class PendingRead(Action<ClusterState?> answer, long deadline)
    {
        public Action<ClusterState?> Answer { get; } = answer;

        public long Deadline { get; } = deadline;

        public LogIndex Index { get; set; }
    }
}
