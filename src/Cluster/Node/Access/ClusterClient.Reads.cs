using Quorate.Core.Raft;
using Quorate.Core.StateMachine;

namespace Quorate.Node.Access;

public sealed partial class ClusterClient
{
    // Waiting for the next confirmation; the one under way was asked for before they came.
    private readonly List<PendingRead> _unconfirmed = [];
    private readonly List<PendingRead> _confirming = [];
    private readonly List<PendingRead> _confirmed = [];
    private long _confirmation;
    private long _reads;

    /// <summary>Reads the state so that every write acknowledged before the call is seen, whoever acknowledged it.</summary>
    /// <exception cref="NoQuorumException">No quorum in time.</exception>
    /// <exception cref="OverloadedException">Too many reads are under way.</exception>
    public async Task<T> ReadAsync<T>(Func<ClusterState, T> query, CancellationToken cancel)
    {
        PendingRead read;
        lock (_gate)
        {
            if (_unconfirmed.Count + _confirming.Count + _confirmed.Count >= _options.MaxPendingReads)
            {
                throw new OverloadedException();
            }

            read = new PendingRead(Environment.TickCount64 + (long)_options.Timeout.TotalMilliseconds);
            _unconfirmed.Add(read);
            SendReads();
        }

        Flush();
        await read.Task.WaitAsync(cancel);
        Interlocked.Increment(ref _reads);
        return Peek(query);
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

    void ILinkEvents.OnReadIndex(INodeLink link, long number, LogIndex? index)
    {
        lock (_gate)
        {
            if (number != _confirmation || _confirming.Count == 0)
            {
                return;
            }

            if (index is not { } confirmed)
            {
                // Not a leader any more. The next one, or the next sweep, asks again.
                FailOverReads();
                return;
            }

            foreach (var read in _confirming)
            {
                read.Index = confirmed;
            }

            _confirmed.AddRange(_confirming);
            _confirming.Clear();
            ReleaseReads();
            SendReads();
        }

        Flush();
    }

    private void ReleaseReads()
    {
        if (_confirmed.Count == 0)
        {
            return;
        }

        var applied = _mirror.AppliedIndex;
        _confirmed.RemoveAll(read =>
        {
            if (read.Index > applied)
            {
                return false;
            }

            read.Complete();
            return true;
        });
    }

    private void FailOverReads()
    {
        _unconfirmed.AddRange(_confirming);
        _confirming.Clear();
    }

    private void ExpireReads(long now)
    {
        foreach (var reads in (ReadOnlySpan<List<PendingRead>>)[_unconfirmed, _confirming, _confirmed])
        {
            reads.RemoveAll(read =>
            {
                if (read.Deadline > now)
                {
                    return false;
                }

                read.Fail();
                return true;
            });
        }
    }

    private void FailReads()
    {
        foreach (var reads in (ReadOnlySpan<List<PendingRead>>)[_unconfirmed, _confirming, _confirmed])
        {
            reads.ForEach(read => read.Fail());
            reads.Clear();
        }
    }

    private sealed class PendingRead(long deadline)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Deadline { get; } = deadline;

        public LogIndex Index { get; set; }

        public Task Task => _done.Task;

        public void Complete() => _done.TrySetResult();

        public void Fail() => _done.TrySetException(new NoQuorumException(mayHaveHappened: false));
    }
}
