using Quorate.Contracts.Laboratory;
using Quorate.Contracts.Regions;

namespace Quorate.Gateway.Hosting;

/// <summary>
/// Failures on demand, for nodes in this process. Every method may be repeated without further effect, answers with the state that
/// the node is in afterwards, and with null when there is no such node. Registered only where the laboratory is on.
/// </summary>
public interface ILaboratory
{
    /// <summary>Stops a node as if its process had died.</summary>
    Task<LaboratoryNode?> StopAsync(string id, string? reason, CancellationToken cancel);

    /// <summary>Starts a stopped node from its data directory.</summary>
    Task<LaboratoryNode?> StartAsync(string id, string? reason, CancellationToken cancel);

    /// <summary>Cuts a node off from the other nodes, both ways. It goes on running.</summary>
    Task<LaboratoryNode?> IsolateAsync(string id, string? reason, CancellationToken cancel);

    /// <summary>Ends the isolation of a node.</summary>
    Task<LaboratoryNode?> HealAsync(string id, string? reason, CancellationToken cancel);

    /// <summary>Cuts or heals the link between two regions, both directions.</summary>
    LaboratoryLink SetLink(string from, string to, bool cut, string? reason);
}
