namespace Quorate.Contracts.Events;

/// <summary>Something that happened in the cluster and that an operator may want to know.</summary>
/// <param name="Id">Increasing within one gateway.</param>
/// <param name="Topic">Dotted name, such as <c>system.leader.elected</c>, <c>system.node.stopped</c>, <c>system.lock.deadlock</c>.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Subject">The node, lock or key concerned.</param>
public sealed record EventView(long Id, DateTimeOffset At, string Topic, string Severity, string? Subject, string Message);
