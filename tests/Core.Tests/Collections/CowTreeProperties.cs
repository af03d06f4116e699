using FsCheck;
using FsCheck.Fluent;
using Quorate.Core.Collections;

namespace Quorate.Core.Tests.Collections;

/// <summary>The tree against a <see cref="SortedDictionary{TKey, TValue}"/>, with frozen views taken on the way.</summary>
public sealed class CowTreeProperties
{
    private enum Kind
    {
        Set,
        Remove,
        Freeze,
    }

    private static readonly Gen<(Kind Kind, int Key, int Value)> Steps =
        from kind in Gen.Frequency((8, Gen.Constant(Kind.Set)), (6, Gen.Constant(Kind.Remove)), (1, Gen.Constant(Kind.Freeze)))
        from key in Gen.Choose(0, 400)
        from value in Gen.Choose(0, 1_000_000)
        select (kind, key, value);

    [Fact]
    public void Tree_AnySequenceOfChanges_EqualsSortedDictionary() =>
        Properties.Hold(Steps.ListOf(2000), steps => Compare(steps), times: 40);

    [Fact]
    public void Tree_FilledAndEmptied_KeepsFrozenViews()
    {
        var filling = Enumerable.Range(0, 3000).Select(i => (Kind.Set, i * 7919 % 3001, i));
        var emptying = Enumerable.Range(0, 3001).Select(i => (i % 500 == 0 ? Kind.Freeze : Kind.Remove, i * 104_729 % 3001, 0));
        Compare([.. filling, (Kind.Freeze, 0, 0), .. emptying, .. filling]);
    }

    private static void Compare(IReadOnlyList<(Kind Kind, int Key, int Value)> steps)
    {
        var tree = new CowTree<int, int>(Comparer<int>.Default);
        var model = new SortedDictionary<int, int>();
        var frozen = new List<(CowTree<int, int>.Frozen View, KeyValuePair<int, int>[] Expected)>();
        foreach (var (kind, key, value) in steps)
        {
            switch (kind)
            {
                case Kind.Set:
                    tree.Set(key, value);
                    model[key] = value;
                    break;
                case Kind.Remove:
                    Assert.Equal(model.Remove(key), tree.Remove(key));
                    break;
                default:
                    frozen.Add((tree.Freeze(), [.. model]));
                    break;
            }

            Assert.Equal(model.Count, tree.Count);
            Assert.Equal(model.TryGetValue(key, out var expected), tree.TryGet(key, out var actual));
            Assert.Equal(expected, actual);
        }

        Assert.Equal(model, tree.All());
        for (var from = -1; from <= 3002; from += 37)
        {
            Assert.Equal(model.Where(pair => pair.Key >= from), tree.From(from));
        }

        foreach (var (view, expected) in frozen)
        {
            Assert.Equal(expected.Length, view.Count);
            Assert.Equal(expected, view.All());
            Assert.All(expected, pair => Assert.True(view.TryGet(pair.Key, out var value) && value == pair.Value));
        }
    }
}
