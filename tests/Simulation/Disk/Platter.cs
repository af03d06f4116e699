using Quorate.Simulation.Time;

namespace Quorate.Simulation.Disk;

/// <summary>Files and their names, as far as operations have reached them, with what a loss of power would leave.</summary>
internal sealed class Platter
{
    private readonly List<Action<SortedDictionary<string, DiskContent>>> _unsyncedNames = [];
    private SortedDictionary<string, DiskContent> _durableNames = new(StringComparer.Ordinal);

    public SortedDictionary<string, DiskContent> Names { get; private set; } = new(StringComparer.Ordinal);

    public void Create(string path, DiskContent content) => Change(names => names[path] = content);

    public void Rename(string from, string to)
    {
        if (Names.TryGetValue(from, out var content))
        {
            Change(names =>
            {
                names.Remove(from);
                names[to] = content;
            });
        }
    }

    public void Delete(string path) => Change(names => names.Remove(path));

    public void SyncNames()
    {
        _unsyncedNames.Clear();
        _durableNames = new(Names, StringComparer.Ordinal);
    }

    /// <summary>Of the names changed since the last sync a prefix survives, as a journalling file system has it.</summary>
    public void LosePower(SeededRandom random)
    {
        foreach (var change in _unsyncedNames.Take(random.Below(_unsyncedNames.Count + 1)))
        {
            change(_durableNames);
        }

        _unsyncedNames.Clear();
        foreach (var content in _durableNames.Values)
        {
            content.LosePower(random);
        }

        Names = new(_durableNames, StringComparer.Ordinal);
    }

    private void Change(Action<SortedDictionary<string, DiskContent>> change)
    {
        change(Names);
        _unsyncedNames.Add(change);
    }
}
