using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine.Cache;

/// <summary>A key of the cache.</summary>
/// <param name="Value">Null once the value gave way to newer ones: whoever kept a copy may serve it, if it carries the same stamp.</param>
/// <param name="Size">Bytes of the value, also when it gave way.</param>
/// <param name="Revision">Log index of the write.</param>
/// <param name="Stamp">
/// Time of the entry that wrote it. Entries never share one, not even with those of a former cluster on other disks: a copy with this stamp is
/// this value, and any other copy is an older one.
/// </param>
public sealed record CacheItem(string Key, ReadOnlyMemory<byte>? Value, int Size, long Revision, HlcTimestamp Stamp, HlcTimestamp? ExpiresAt);

/// <summary>How keys left the table, since the cluster began.</summary>
/// <param name="Spilled">Values that gave way; their keys stayed.</param>
/// <param name="Dropped">Keys that gave way.</param>
public sealed record CacheCounters(long Spilled, long Dropped, long Expired)
{
    public static readonly CacheCounters Zero = new(0, 0, 0);
}
