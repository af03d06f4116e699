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
    public void Look(IEnumerable<QueueView> queues, DateTimeOffset now)
    {
        var gone = _trails.Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var view in queues)
        {
            gone.Remove(view.Name);
            if (_trails.TryGetValue(view.Name, out var trail))
            {
                trail.Add(view, now);
            }
            else
            {
                _trails[view.Name] = new QueueTrail(view, now);
            }
        }

        foreach (var name in gone)
        {
            _trails.Remove(name);
        }
    }
}
