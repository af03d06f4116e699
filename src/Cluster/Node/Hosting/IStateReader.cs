using Quorate.Core.StateMachine;

namespace Quorate.Node.Hosting;

/// <summary>A replicated state that can be looked at: a node's own, or a follower's copy.</summary>
public interface IStateReader
{
    /// <summary>Reads the state as it is now; short, because applying waits meanwhile.</summary>
    T ReadState<T>(Func<ClusterState, T> query);
}
