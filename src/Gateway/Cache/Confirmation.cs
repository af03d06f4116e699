using Quorate.Core.StateMachine;
using Quorate.Node.Access;

namespace Quorate.Gateway.Cache;

/// <summary>
/// Bounds how old an answer from this gateway's memory can be. The log takes out of it what has been overwritten; but a gateway that is cut off does
/// not hear of it. So answers are given from memory only for a while after a quorum confirmed that this gateway had seen everything.
/// </summary>
internal sealed class Confirmation(ClusterClient cluster, TimeSpan bound, TimeProvider time)
{
    private long _at = long.MinValue;
    private int _renewing;

    /// <summary>Whether memory may answer. Asks for the next confirmation in good time, in the background.</summary>
    public bool Holds
    {
        get
        {
            var at = Interlocked.Read(ref _at);
            if (at == long.MinValue || time.GetElapsedTime(at) is var age && age > bound)
            {
                return false;
            }

            if (time.GetElapsedTime(at) > bound / 2 && Interlocked.Exchange(ref _renewing, 1) == 0)
            {
                _ = RenewAsync();
            }

            return true;
        }
    }

    /// <summary>A read that a quorum confirms; memory is up to date as of its beginning.</summary>
    /// <exception cref="ClusterUnavailableException">No quorum, or too much is under way.</exception>
    public async Task<T> ReadAsync<T>(Func<ClusterState, T> query)
    {
        var began = time.GetTimestamp();
        var answer = await cluster.ReadAsync(query, CancellationToken.None);
        for (var at = Interlocked.Read(ref _at); at < began;)
        {
            var seen = Interlocked.CompareExchange(ref _at, began, at);
            if (seen == at)
            {
                break;
            }

            at = seen;
        }

        return answer;
    }

    private async Task RenewAsync()
    {
        try
        {
            await ReadAsync(_ => true);
        }
        catch (ClusterUnavailableException)
        {
            // Memory falls silent when its time is over; requests then find out for themselves.
        }
        finally
        {
            Volatile.Write(ref _renewing, 0);
        }
    }
}
