using System.Collections.Concurrent;
using Quorate.Contracts.Regions;

namespace Quorate.Node.Replication.Regions;

/// <summary>What the coordinator hears of the agents of regions, which may run in other processes. They ask without pause while they are connected.</summary>
public sealed class RegionContacts(TimeProvider time)
{
    /// <summary>After a question was answered the next one comes sooner than this.</summary>
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Contact> _contacts = new(StringComparer.Ordinal);

    /// <returns>One of <see cref="RegionPhases"/>; null when nothing was ever heard of the region.</returns>
    public string? PhaseOf(string region) => _contacts.TryGetValue(region, out var contact) ? contact.Phase(time) : null;

    /// <summary>A region asks; the answer is given when the result is disposed.</summary>
    /// <param name="phase">What it does by that.</param>
    public IDisposable Begin(string region, string phase)
    {
        var contact = _contacts.GetOrAdd(region, _ => new Contact());
        contact.Begin(phase);
        return new Question(contact, time);
    }

    /// <summary>A region asks and is not to be heard.</summary>
    public void Lose(string region) => _contacts.GetOrAdd(region, _ => new Contact()).Lose();

    private sealed class Contact
    {
        private readonly Lock _gate = new();
        private string _phase = RegionPhases.Disconnected;
        private int _open;
        private long _last;

        public string Phase(TimeProvider time)
        {
            lock (_gate)
            {
                return _open > 0 || time.GetElapsedTime(_last) < Silent ? _phase : RegionPhases.Disconnected;
            }
        }

        public void Begin(string phase)
        {
            lock (_gate)
            {
                (_phase, _open) = (phase, _open + 1);
            }
        }

        public void End(TimeProvider time)
        {
            lock (_gate)
            {
                (_open, _last) = (_open - 1, time.GetTimestamp());
            }
        }

        public void Lose()
        {
            lock (_gate)
            {
                _phase = RegionPhases.Disconnected;
            }
        }
    }

    private sealed class Question(Contact contact, TimeProvider time) : IDisposable
    {
        public void Dispose() => contact.End(time);
    }
}
