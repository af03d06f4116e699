using Quorate.Core.Raft;
using Quorate.Core.StateMachine;

namespace Quorate.Node.Hosting;

/// <summary>The hash of a node's state at one entry.</summary>
/// <param name="Hash">See <see cref="FrozenState.Hash"/>.</param>
public sealed record StateHashAt(LogIndex Index, string Hash);

/// <summary>Works out the state hash where the log asks for it, on a thread of the pool, from a frozen state.</summary>
internal sealed class StateMarks
{
    private volatile StateHashAt? _latest;

    /// <summary>The newest hash that is ready; null before the first.</summary>
    public StateHashAt? Latest => _latest;

    public void Take(FrozenState state) => Task.Run(() =>
    {
        var hash = new StateHashAt(state.AppliedIndex, state.Hash());
        if (_latest is null || _latest.Index < hash.Index)
        {
            _latest = hash;
        }
    });
}
