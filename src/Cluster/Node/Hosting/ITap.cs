using Quorate.Core.Raft;
using Quorate.Core.StateMachine;

namespace Quorate.Node.Hosting;

/// <summary>Follows the committed log of a node. Called on the applier's thread: must be quick and must not throw.</summary>
public interface ITap
{
    /// <summary>Committed entries, each once and in order.</summary>
    void OnEntries(IReadOnlyList<Entry> entries);

    /// <summary>The follower is too far behind, or the node restored a snapshot: begin anew with this state.</summary>
    void OnState(FrozenState state);
}
