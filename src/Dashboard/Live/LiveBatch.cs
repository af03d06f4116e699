using System.Collections.Immutable;
using Quorate.Contracts.Live;

namespace Quorate.Dashboard.Live;

/// <summary>What changed since the previous notification.</summary>
/// <param name="Topics">Topics with new data; empty when only the connection changed.</param>
/// <param name="KeyChanges">Changes to keys, in order, for views that follow a part of the key space.</param>
/// <param name="KeysReset">Changes to keys may have been lost: read again what is shown.</param>
public sealed record LiveBatch(ImmutableHashSet<string> Topics, ImmutableArray<KvPayload> KeyChanges, bool KeysReset)
{
    public static readonly LiveBatch ConnectionOnly = new([], [], false);
}
