using System.Collections.Concurrent;
using Quorate.Contracts.Replication;
using Quorate.Core.Replication;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Endpoints;
using Quorate.Gateway.Hosting;
using Quorate.Gateway.Live;
using Quorate.Node.Access;

namespace Quorate.Gateway.Replication;

/// <summary>What this gateway knows of followers beyond the replicated state: who asked when, and how to make them ask now.</summary>
public sealed class SyncMonitor
{
    /// <summary>A follower asks at least this often while it is well: longer than it waits for changes.</summary>
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, Contact> _contacts = new(StringComparer.Ordinal);
    private readonly ClusterClient _cluster;
    private readonly EmbeddedFollowers _embedded;
    private readonly TimeProvider _time;
    private long _sent;
    private long _failures;

    public SyncMonitor(ClusterClient cluster, ClusterOptions options, EmbeddedFollowers embedded, TimeProvider time)
    {
        (_cluster, _embedded, _time, Region) = (cluster, embedded, time, options.Region);
    }

    /// <summary>Whose log it is.</summary>
    public string Region { get; }

    /// <summary>Pulsed when somebody wants followers to pull now.</summary>
    public LiveSignal Trigger { get; } = new();

    /// <summary>Changes handed out to followers.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Requests of followers that were refused: an unknown position, a gap, a stranger.</summary>
    public long Failures => Interlocked.Read(ref _failures) + _embedded.Failures;

    /// <summary>Notes that a follower asks, and for how long it waits: it is connected while it does.</summary>
    /// <param name="missingChunks">Chunks of blobs that it says it lacks; null: it does not say.</param>
    public IDisposable Asks(string follower, long? missingChunks = null)
    {
        var contact = _contacts.GetOrAdd(follower, _ => new Contact());
        contact.MissingChunks = missingChunks ?? contact.MissingChunks;
        contact.Begin(_time.GetUtcNow());
        return new Asking(contact, _time);
    }

    public void Forget(string follower) => _contacts.TryRemove(follower, out _);

    public void Count(int sent) => Interlocked.Add(ref _sent, sent);

    public void Refused() => Interlocked.Increment(ref _failures);

    public SyncStatus Status() => _cluster.Peek(Status);

    public SyncStatus Status(ClusterState state)
    {
        var (sync, now) = (state.Sync, _time.GetUtcNow());
        return new SyncStatus(
            now,
            Region,
            sync.Last,
            sync.First,
            sync.Count,
            sync.Bytes,
            new SyncRetentionView(sync.Retention.MaxEntries, sync.Retention.MaxBytes),
            [.. sync.Followers.Select(follower => View(state, follower, now))]);
    }

    private FollowerView View(ClusterState state, Follower follower, DateTimeOffset now)
    {
        var contact = _contacts.GetValueOrDefault(follower.Id);
        var own = _embedded.Find(follower.Id);
        return new FollowerView(
            follower.Id,
            StateOf(state.Sync, follower, contact, now),
            follower.Sequence,
            state.Sync.Last - follower.Sequence,
            SyncViews.LagSeconds(state, follower.Sequence, now),
            Views.Time(follower.RegisteredAt),
            Views.Time(follower.ReportedAt),
            contact?.Last,
            own is not null,
            own?.Error,
            contact?.MissingChunks);
    }

    private static string StateOf(SyncTable sync, Follower follower, Contact? contact, DateTimeOffset now) =>
        contact is null or { Open: 0 } && now - (contact?.Last ?? Views.Time(follower.ReportedAt)) > Silent ? FollowerStates.Disconnected
        : !sync.Reaches(follower.Sequence) ? FollowerStates.NeedsSnapshot
        : follower.Sequence == sync.Last ? FollowerStates.InSync
        : FollowerStates.CatchingUp;

    /// <summary>Requests of one follower.</summary>
    private sealed class Contact
    {
        private int _open;
        private long _last;

        public long? MissingChunks { get; set; }

        public int Open => Volatile.Read(ref _open);

        public DateTimeOffset Last => new(Interlocked.Read(ref _last), TimeSpan.Zero);

        public void Begin(DateTimeOffset now)
        {
            Interlocked.Increment(ref _open);
            Interlocked.Exchange(ref _last, now.UtcTicks);
        }

        public void End(DateTimeOffset now)
        {
            Interlocked.Decrement(ref _open);
            Interlocked.Exchange(ref _last, now.UtcTicks);
        }
    }

    private sealed class Asking(Contact contact, TimeProvider time) : IDisposable
    {
        public void Dispose() => contact.End(time.GetUtcNow());
    }
}
