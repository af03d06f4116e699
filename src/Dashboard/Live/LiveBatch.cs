using System.Collections.Immutable;
using Quorate.Contracts.Live;

namespace Quorate.Dashboard.Live;

/// <summary>What changed since the previous notification.</summary>
/// <param name="Topics">Topics with new data; empty when only the connection changed.</param>
/// <param name="KeyChanges">Changes to keys, in order, for views that follow a part of the key space.</param>
/// <param name="KeysReset">Changes to keys may have been lost: read again what is shown.</param>
/// <param name="LockChanges">Changes to locks, in order, for views that know more locks than the store.</param>
/// <param name="LocksReset">Changes to locks may have been lost.</param>
public sealed record LiveBatch(
    ImmutableHashSet<string> Topics, ImmutableArray<KvPayload> KeyChanges, bool KeysReset, ImmutableArray<LocksPayload> LockChanges, bool LocksReset)
{
    public static readonly LiveBatch ConnectionOnly = new([], [], false, [], false);
}
