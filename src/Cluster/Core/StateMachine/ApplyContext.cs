using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine;

/// <summary>What a table may know while it applies: where in the log, and at which replicated time.</summary>
/// <param name="Events">What changed; the tables add to it.</param>
internal readonly record struct ApplyContext(long Index, HlcTimestamp Time, string? Reason, ICollection<StateEvent> Events);
