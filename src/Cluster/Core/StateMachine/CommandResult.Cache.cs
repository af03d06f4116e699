using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine;

public abstract partial record CommandResult
{
    /// <param name="Stamp">Identifies what was written; see <see cref="Cache.CacheItem.Stamp"/>.</param>
    public sealed record CacheWritten(long Revision, HlcTimestamp Stamp, HlcTimestamp? ExpiresAt) : CommandResult;

    /// <param name="Existed">Whether there was anything to delete.</param>
    public sealed record CacheDeleted(long Revision, HlcTimestamp Stamp, bool Existed) : CommandResult;
}
