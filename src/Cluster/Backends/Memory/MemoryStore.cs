using System.Text.Json;
using Quorate.Contracts.State;

namespace Quorate.Backends.Memory;

/// <summary>What processes would share, for those who are alone: one store for the whole process, so that everybody in it sees the same.</summary>
/// <param name="clock">By which locks expire.</param>
public sealed class MemoryStore(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SyncValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (SyncLock Held, long Deadline)> _locks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ChannelSubscription>> _subscriptions = new(StringComparer.Ordinal);
    private long _last;

    /// <summary>The store of this process.</summary>
    public static MemoryStore OfProcess { get; } = new(TimeProvider.System);

    internal SyncValue? Get(string key)
    {
        lock (_gate)
        {
            return _values.GetValueOrDefault(key);
        }
    }

    /// <param name="expected">Null: whatever is there.</param>
    internal long? Put(string key, long? expected, JsonElement value)
    {
        lock (_gate)
        {
            if (expected is { } version && version != (_values.GetValueOrDefault(key)?.Version ?? 0))
            {
                return null;
            }

            // The caller's document may be disposed of.
            _values[key] = new SyncValue(value.Clone(), ++_last);
            return _last;
        }
    }

    internal SyncLock? Acquire(string name, string owner, TimeSpan ttl)
    {
        lock (_gate)
        {
            if (Holder(name) is not null)
            {
                return null;
            }

            var held = new SyncLock(name, owner, ++_last);
            _locks[name] = (held, Deadline(ttl));
            return held;
        }
    }

    internal bool Renew(SyncLock held, TimeSpan ttl)
    {
        lock (_gate)
        {
            if (Holder(held.Name) != held)
            {
                return false;
            }

            _locks[held.Name] = (held, Deadline(ttl));
            return true;
        }
    }

    internal bool Release(SyncLock held)
    {
        lock (_gate)
        {
            return Holder(held.Name) == held && _locks.Remove(held.Name);
        }
    }

    internal void Publish(string topic, JsonElement message)
    {
        lock (_gate)
        {
            _subscriptions.GetValueOrDefault(topic)?.ForEach(subscription => subscription.Add(message.Clone()));
        }
    }

    internal ChannelSubscription Subscribe(string topic)
    {
        var subscription = new ChannelSubscription(Leave);
        lock (_gate)
        {
            (_subscriptions.TryGetValue(topic, out var all) ? all : _subscriptions[topic] = []).Add(subscription);
        }

        return subscription;

        Task Leave(ChannelSubscription leaving)
        {
            lock (_gate)
            {
                if (_subscriptions.TryGetValue(topic, out var those) && those.Remove(leaving) && those.Count == 0)
                {
                    _subscriptions.Remove(topic);
                }
            }

            return Task.CompletedTask;
        }
    }

    private SyncLock? Holder(string name) =>
        _locks.TryGetValue(name, out var entry) && clock.GetTimestamp() < entry.Deadline ? entry.Held : null;

    private long Deadline(TimeSpan ttl) => clock.GetTimestamp() + (long)(ttl.TotalSeconds * clock.TimestampFrequency);
}
