namespace Quorate.Node.Replication.Regions;

/// <summary>
/// Cuts links between regions on purpose, both directions, for the laboratory. A cut to the coordinator keeps a region from it; a cut
/// between two others withholds what one makes from the other, though both reach the coordinator.
/// </summary>
public sealed class RegionLinkGate
{
    private readonly Lock _gate = new();
    private readonly SortedSet<(string, string)> _cuts = [];

    /// <summary>A link was cut or healed.</summary>
    public event Action? Changed;

    public bool IsCut(string from, string to)
    {
        lock (_gate)
        {
            return _cuts.Contains(Pair(from, to));
        }
    }

    /// <returns>Whether that changed anything.</returns>
    public bool Set(string from, string to, bool cut)
    {
        bool changed;
        lock (_gate)
        {
            changed = cut ? _cuts.Add(Pair(from, to)) : _cuts.Remove(Pair(from, to));
        }

        if (changed)
        {
            Changed?.Invoke();
        }

        return changed;
    }

    private static (string, string) Pair(string left, string right) => string.CompareOrdinal(left, right) <= 0 ? (left, right) : (right, left);
}
