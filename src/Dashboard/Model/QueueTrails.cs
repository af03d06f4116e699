using Quorate.Contracts.Queues;

namespace Quorate.Dashboard.Model;

/// <summary>The trails of all queues that a page shows.</summary>
public sealed class QueueTrails
{
    private readonly Dictionary<string, QueueTrail> _trails = new(StringComparer.Ordinal);

    public QueueTrail? this[string name] => _trails.GetValueOrDefault(name);

    /// <summary>Begins anew with what the gateway remembers.</summary>
    public void Seed(IEnumerable<QueueView> queues, DateTimeOffset now)
    {
        foreach (var view in queues)
        {
            _trails[view.Name] = new QueueTrail(view, now);
        }
    }

    /// <summary>One second has passed; queues that are gone are forgotten.</summary>
    public void Look(IReadOnlyDictionary<string, QueueView> queues, DateTimeOffset now)
    {
        foreach (var gone in _trails.Keys.Where(name => !queues.ContainsKey(name)).ToList())
        {
            _trails.Remove(gone);
        }

        foreach (var (name, view) in queues)
        {
            if (_trails.TryGetValue(name, out var trail))
            {
                trail.Add(view, now);
            }
            else
            {
                _trails[name] = new QueueTrail(view, now);
            }
        }
    }
}
