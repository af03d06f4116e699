using Quorate.Core.StateMachine;

namespace Quorate.Node.Replication.Regions;

/// <summary>A region's cluster, as its agent and the coordinator's listener use it.</summary>
public interface IRegionStore
{
    /// <summary>Something was committed. Must be quick, and must not call back.</summary>
    event Action? Changed;

    /// <exception cref="Access.ClusterUnavailableException">The cluster does not answer; the command may still be carried out.</exception>
    Task<CommandResult> ExecuteAsync(Command command, CancellationToken cancel);

    /// <summary>Reads what is committed, as far as it is known here. The state must not be kept.</summary>
    T Peek<T>(Func<ClusterState, T> query);
}
