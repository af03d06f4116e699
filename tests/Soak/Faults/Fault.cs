namespace Quorate.Soak.Faults;

/// <summary>Something that goes wrong, and stays so until the cluster is healed.</summary>
/// <param name="InjectAsync">Answers what was done, for the log; null when it could not be done here.</param>
/// <param name="NeedsAll">Whether it can strike only while nothing else is wrong.</param>
internal sealed record Fault(string Name, Func<FaultContext, CancellationToken, Task<string?>> InjectAsync, bool NeedsAll = false);
