using Quorate.Core.Clocks;
using Quorate.Core.Replication;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Core.StateMachine.Cache;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Events;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Queues;
using Quorate.Core.StateMachine.Sessions;
using Quorate.Core.StateMachine.Terms;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>The invariants of every table, by the numbers that they have in its comment, judged from what anybody can read.</summary>
internal static class StateInvariants
{
    private static readonly MessageState[] States = [MessageState.Ready, MessageState.Delayed, MessageState.InFlight, MessageState.Dead];

    public static void Check(ClusterState state)
    {
        var now = state.Time;
        Assert.True(state.NextDue is not { } due || due > now, $"something was due at {state.NextDue} and is still there at {now}");
        Keys(state.Kv, now);
        Cache(state.Cache);
        foreach (var each in state.Locks.Range(""))
        {
            Lock(each, now);
        }

        LocksTogether(state.Locks);
        foreach (var queue in state.Queues.Range(""))
        {
            Queue(queue, now);
        }

        foreach (var election in state.Elections.Range(""))
        {
            Election(election, now);
        }

        Events(state.Events);
        Sessions(state, now);
        Terms(state.Terms);
        Blobs(state.Blobs, now);
        Documents(state);
        Sync(state.Sync);
    }

    private static void Keys(KvTable kv, HlcTimestamp now)
    {
        Assert.InRange(kv.HistoryBytes, 0, KvTable.MaxHistoryBytes); // 3
        var earlier = 0;
        foreach (var item in kv.Range(""))
        {
            Assert.True(item.ExpiresAt is not { } due || due > now, $"{item.Key} outlives its time"); // 1
            Assert.True(item.CreateRevision <= item.Revision && (item.Version == 1) == (item.CreateRevision == item.Revision), $"{item}"); // 1
            var history = kv.History(item.Key);
            earlier += history.Count - 1;
            History(item.Key, history); // 2
            Assert.Equal((item.Revision, item.Version, 0L), (history[0].Revision, history[0].Version, history[0].Until)); // 2
        }

        Assert.True(earlier <= kv.HistoryCount, $"{earlier} earlier revisions, of which {kv.HistoryCount} are counted"); // 3
    }

    private static void History(string key, IReadOnlyList<KvRevision> history)
    {
        Assert.True(history.Count <= KvTable.KeptRevisions, $"{key} has {history.Count} revisions");
        for (var i = 1; i < history.Count; i++)
        {
            var (newer, older) = (history[i - 1], history[i]);
            Assert.True(
                older.Revision < newer.Revision && older.Until == (older.Change == KvChange.Put ? newer.Revision : older.Revision),
                $"{key}: {newer} follows {older}");

            // A key that one entry ended and put anew begins anew, and nobody saw it gone.
            Assert.True(newer.Change == KvChange.Put ? newer.Version == older.Version + 1 || newer.Version == 1 : newer.Version == 0, $"{key}: {newer} follows {older}");
        }
    }

    private static void Cache(CacheTable cache)
    {
        Assert.InRange(cache.Bytes, 0, CacheTable.MaxBytes); // 2
        Assert.InRange(cache.Count, cache.Spilled, CacheTable.MaxKeys); // 2
    }

    private static void Lock(LockState state, HlcTimestamp now)
    {
        Assert.True(
            state.Permits > 0
                ? state.Holds.All(hold => hold.Mode == LockMode.Semaphore) && state.Holds.Sum(hold => hold.Permits) <= state.Permits
                : state.Holds.Count <= 1 || state.Holds.All(hold => hold.Mode == LockMode.Shared),
            $"{state.Name} is held by {string.Join(", ", state.Holds)}"); // 1
        Assert.Equal(state.Holds.Count, state.Holds.Select(hold => hold.Owner).Distinct().Count()); // 2
        Assert.Equal(state.Waits.Count, state.Waits.Select(wait => wait.Owner).Distinct().Count()); // 2
        Assert.All(state.Holds, hold => Assert.True(hold.ExpiresAt is not { } due || due > now, $"{hold} outlives its time")); // 4
        Assert.All(state.Waits, wait => Assert.True(wait.Until > now, $"{wait} outlives its time")); // 4
        Assert.All(state.Holds, hold => Assert.True(hold.Token <= state.NewestToken && hold.Count >= 1, $"{hold}")); // 5
        Assert.Equal(
            state.Holds.Count(hold => hold.Mode != LockMode.Shared),
            state.Holds.Where(hold => hold.Mode != LockMode.Shared).Select(hold => hold.Token).Distinct().Count()); // 5
    }

    private static void LocksTogether(LockTable locks)
    {
        var waits = locks.Range("").SelectMany(state => state.Waits, (state, wait) => (State: state, Wait: wait)).ToList();
        Assert.Equal(waits.Count, locks.Waiters);
        Assert.DoesNotContain(
            waits.GroupBy(each => each.Wait.Ticket), request => request.All(each => LockOracle.Servable(each.State, each.Wait))); // 3
        Assert.Empty(LockOracle.Stuck([.. locks.Range("")]));
    }

    private static void Queue(MessageQueue queue, HlcTimestamp now)
    {
        var counters = queue.Counters;
        var ids = States.SelectMany(state => queue.Browse(state)).Select(message => message.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count()); // 1
        Assert.Equal(
            counters.Enqueued, queue.Ready + queue.Delayed + queue.InFlight + counters.Acked + queue.Dead + counters.Purged + counters.Dropped); // 2
        Assert.True(queue.Waiting == 0 || queue.Ready == 0, $"{queue.Name} keeps a message from a consumer that waits"); // 3
        Assert.All(queue.Browse(MessageState.InFlight), message => Assert.True(message.Delivery > 0 && message.Deliveries > 0, $"{message}")); // 4
        var deliveries = queue.Browse(MessageState.InFlight).Select(message => message.Delivery).ToList();
        Assert.Equal(deliveries.Count, deliveries.Distinct().Count()); // 4
        Assert.All(queue.Browse(MessageState.Delayed).Concat(queue.Browse(MessageState.InFlight)), message => Assert.True(message.Due > now, $"{message}")); // 5
        Assert.All(queue.Browse(MessageState.Ready).Concat(queue.Browse(MessageState.Dead)), message => Assert.Null(message.Due)); // 5
        Assert.All(queue.Waits(), wait => Assert.True(wait.Until > now, $"{wait}")); // 5
        Counted(queue); // 6
    }

    private static void Counted(MessageQueue queue)
    {
        var ready = queue.Browse(MessageState.Ready).ToList();
        var places = ready.Select(message => (-message.Priority, message.Position)).ToList();
        Assert.Equal(places.Distinct().Order(), places);
        Assert.All(States, state => Assert.Equal(queue.CountOf(state), queue.Browse(state).Count()));
        Assert.Equal(Enumerable.Range(0, 10).Select(priority => (long)ready.Count(message => message.Priority == priority)), queue.ReadyByPriority);
        Assert.Equal(ready.Concat(queue.Browse(MessageState.Delayed)).Sum(message => message.Size), queue.Bytes);
        Assert.Equal(
            queue.Browse(MessageState.InFlight).GroupBy(message => message.Consumer!).ToDictionary(each => each.Key, each => each.LongCount()),
            queue.Consumers().Where(consumer => consumer.InFlight > 0).ToDictionary(consumer => consumer.Name, consumer => consumer.InFlight));
    }

    private static void Election(ElectionState election, HlcTimestamp now)
    {
        var names = election.Candidates.Select(candidate => candidate.Name).ToList();
        Assert.Equal(names.Count, names.Distinct().Count()); // 1
        Assert.True(election.Leader is not null || election.Waiting.Count == 0, $"somebody waits in {election.Name} while nobody leads"); // 2
        var tokens = election.Past.Select(term => term.Token).Concat(election.Leader is { } leader ? [leader.Token] : []).ToList();
        Assert.Equal(tokens.Distinct().Order(), tokens); // 3
        Assert.True(tokens.Count == 0 || tokens[^1] == election.NewestToken, $"{election.Name} gave token {election.NewestToken} after {tokens.LastOrDefault()}"); // 3
        Assert.InRange(election.Past.Count, 0, ElectionTable.KeptTerms); // 3
        Assert.All(election.Candidates, candidate => Assert.True(candidate.ExpiresAt is not { } due || due > now, $"{candidate} outlives its time")); // 4
    }

    private static void Events(EventTable events)
    {
        var kept = events.After(0).ToList();
        Assert.Equal(Enumerable.Range(0, kept.Count).Select(i => events.FirstSequence + i), kept.Select(item => item.Sequence)); // 1
        Assert.Equal(kept.Sum(item => item.Cost), events.Bytes); // 2
        Assert.True(events.Count <= EventTable.KeptEvents && (events.Bytes <= EventTable.KeptBytes || events.Count == 1)); // 2
        Assert.Equal(events.Counters.Published + events.Counters.Forwarded - events.Counters.Dropped, events.LastSequence); // 3
        Assert.InRange(events.Topics().Sum(topic => topic.Published), 0, events.LastSequence); // 3
        Assert.Equal(kept.Select(item => item.At).Order(), kept.Select(item => item.At)); // 1
    }

    private static void Sessions(ClusterState state, HlcTimestamp now)
    {
        foreach (var session in state.Sessions.All())
        {
            Assert.True(session.ExpiresAt > now && session.Id <= state.AppliedIndex.Value, $"{session} outlives its time"); // 1
            Assert.True(session.MaxSequence == 0 || state.Sessions.Reply(new SessionSequence(session.Id, session.MaxSequence)) is not null, $"{session}"); // 2
        }

        var bound = state.Locks.Range("").SelectMany(each => each.Holds.Select(hold => hold.Session).Concat(each.Waits.Select(wait => wait.Session)))
            .Concat(state.Elections.Range("").SelectMany(election => election.Candidates).Select(candidate => candidate.Session));
        Assert.All(bound, id => Assert.True(id is null || state.Sessions.Get(id.Value) is not null, $"something is left of session {id}")); // 3
        Assert.InRange(state.Retries.Count, 0, RetryTable.Capacity);
        Assert.InRange(state.Retries.Bytes, 0, RetryTable.MaxBytes);
    }

    private static void Terms(TermTable terms)
    {
        Assert.InRange(terms.Count, 0, TermTable.Capacity);
        var (numbers, indexes) = (terms.All().Select(record => record.Term), terms.All().Select(record => record.Index).ToList());
        Assert.Equal(numbers.Distinct().Order(), numbers);
        Assert.Equal(indexes.Distinct().Order(), indexes);
    }

    private static void Blobs(BlobTable blobs, HlcTimestamp now)
    {
        var named = blobs.Range("").SelectMany(blob => blob.Chunks.All()).Concat(blobs.Uploads.SelectMany(upload => upload.Chunks.All()))
            .GroupBy(chunk => chunk).ToDictionary(each => each.Key, each => each.Count());
        Assert.All(named, each => Assert.Equal(each.Value, blobs.References(each.Key))); // 1
        Assert.Equal(named.Count, blobs.DistinctChunks); // 1
        Assert.Equal(blobs.Range("").Sum(blob => blob.Size), blobs.Bytes); // 2
        Assert.Equal(blobs.Range("").Select(blob => blob.Id).Order(StringComparer.Ordinal), blobs.CommittedAfter(0).Select(blob => blob.Id).Order(StringComparer.Ordinal)); // 2
        Assert.All(blobs.Uploads, upload => Assert.True(upload.MovedAt.AddMs(BlobLimits.UploadPatienceMs) > now, $"{upload.Id} outlives its time")); // 3
    }

    private static void Documents(ClusterState state)
    {
        foreach (var collection in state.Documents.Range(""))
        {
            Assert.Equal(collection.Range("").Sum(document => (long)document.Value.Length), collection.Bytes);
            Assert.Equal(collection.Range("").Count(), collection.Count);
            Assert.All(collection.Range(""), document => Assert.True(document.Generation >= 1 && document.ModifiedAt <= state.Time, $"{document.Key}"));
        }
    }

    private static void Sync(SyncTable sync)
    {
        var kept = sync.After(0).Select(entry => entry.Sequence).ToList();
        Assert.Equal(Enumerable.Range(0, kept.Count).Select(i => sync.First + i), kept); // 1
        Assert.All(sync.Followers, follower => Assert.InRange(follower.Sequence, 0, sync.Last)); // 2
    }
}
