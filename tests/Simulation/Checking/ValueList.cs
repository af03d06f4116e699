namespace Quorate.Simulation.Checking;

/// <summary>An unchanging list, compared by content: part of a model's state.</summary>
internal sealed class ValueList<T>(IReadOnlyList<T> items) : IEquatable<ValueList<T>>
    where T : IEquatable<T>
{
    public static readonly ValueList<T> Empty = new([]);

    public IReadOnlyList<T> Items { get; } = items;

    public int Count => Items.Count;

    public ValueList<T> With(int at, T item) => new([.. Items.Take(at), item, .. Items.Skip(at)]);

    public ValueList<T> Without(int at) => new([.. Items.Take(at), .. Items.Skip(at + 1)]);

    public ValueList<T> Replace(int at, T item) => new([.. Items.Take(at), item, .. Items.Skip(at + 1)]);

    /// <summary>Place of the first item of which it is true; -1 when there is none.</summary>
    public int Find(Predicate<T> isIt)
    {
        for (var i = 0; i < Items.Count; i++)
        {
            if (isIt(Items[i]))
            {
                return i;
            }
        }

        return -1;
    }

    public bool Equals(ValueList<T>? other) => other is not null && Items.SequenceEqual(other.Items);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in Items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }
}
