using Quorate.Core.Raft;

namespace Quorate.Node.Hosting;

/// <summary>How long entries take to be acknowledged: from handing them to the transport until this node's engine sees that the other has them on disk.</summary>
/// <remarks>Used by the thread that has the engine's turn. One measurement per peer is under way at a time, so that a full pipeline costs no memory.</remarks>
internal sealed class RoundTrips(TimeProvider time)
{
    /// <summary>The share of a new measurement in the average, as in TCP's smoothed round trip (RFC 6298 section 2).</summary>
    private const double Weight = 1.0 / 8;

    /// <summary>What has not come back by then is taken for lost, and the next entries are timed.</summary>
    private static readonly TimeSpan LossLimit = TimeSpan.FromSeconds(1);

    /// <summary>An average older than this says nothing about now.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);

    private readonly Dictionary<NodeId, Awaited> _awaited = [];
    private readonly Dictionary<NodeId, Average> _averages = [];

    public void OnSent(Message message)
    {
        if (message is not AppendRequest { Entries.Count: > 0 } append)
        {
            return;
        }

        var timing = _awaited.TryGetValue(append.To, out var awaited)
            && awaited.Term == append.Term
            && time.GetElapsedTime(awaited.SentAt) < LossLimit;
        if (!timing)
        {
            _awaited[append.To] = new Awaited(append.Term, append.Entries[^1].Index, time.GetTimestamp());
        }
    }

    public void OnReceived(Message message)
    {
        if (message is not AppendResponse { Accepted: true } answer
            || !_awaited.TryGetValue(answer.From, out var awaited)
            || answer.Term != awaited.Term
            || answer.Index < awaited.Index)
        {
            return;
        }

        _awaited.Remove(answer.From);
        var measured = time.GetElapsedTime(awaited.SentAt);
        var value = _averages.TryGetValue(answer.From, out var known) && IsRecent(known)
            ? known.Value + (Weight * (measured - known.Value))
            : measured;
        _averages[answer.From] = new Average(value, time.GetTimestamp());
    }

    /// <summary>The averages by peer; peers that acknowledged nothing lately are left out.</summary>
    public IReadOnlyList<PeerRoundTrip> Current() =>
        [.. _averages.Where(peer => IsRecent(peer.Value)).OrderBy(peer => peer.Key).Select(peer => new PeerRoundTrip(peer.Key, peer.Value.Value))];

    private bool IsRecent(Average average) => time.GetElapsedTime(average.At) <= MaxAge;

    /// <param name="Index">The last entry sent then.</param>
    private readonly record struct Awaited(Term Term, LogIndex Index, long SentAt);

    private readonly record struct Average(TimeSpan Value, long At);
}
