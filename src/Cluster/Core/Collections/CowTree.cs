using System.Diagnostics.CodeAnalysis;

namespace Quorate.Core.Collections;

/// <summary>
/// A sorted map whose <see cref="Freeze"/> takes no time: a B+ tree that copies a node only when it changes after a freeze
/// and is still shared with it. Every table of the state machine lives in one, so that a snapshot of millions of items can
/// be written out while entries are applied.
/// </summary>
/// <remarks>
/// Each node carries the epoch in which it was made. <see cref="Freeze"/> begins a new epoch; a write clones nodes of older epochs
/// on its path and leaves the originals to the frozen views. One writer; frozen views may be read from any thread.
/// </remarks>
public sealed class CowTree<TKey, TValue>(IComparer<TKey> comparer)
{
    private Node _root = new(0, isLeaf: true);
    private int _epoch;

    public int Count { get; private set; }

    /// <summary>An unchanging view of what is in the tree now.</summary>
    public Frozen Freeze()
    {
        _epoch++;
        return new Frozen(_root, Count, comparer);
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => TryGet(_root, comparer, key, out value);

    /// <summary>Adds or replaces.</summary>
    public void Set(TKey key, TValue value)
    {
        _root = Own(_root);
        if (_root.Count == Node.Capacity)
        {
            var root = new Node(_epoch, isLeaf: false) { Count = 1 };
            root.Keys[0] = _root.Keys[0];
            root.Children![0] = _root;
            _root = root;
            SplitChild(root, 0);
        }

        Insert(_root, key, value);
    }

    public bool Remove(TKey key)
    {
        if (!TryGet(key, out _))
        {
            return false;
        }

        _root = Own(_root);
        Delete(_root, key);
        while (!_root.IsLeaf && _root.Count == 1)
        {
            _root = _root.Children![0];
        }

        Count--;
        return true;
    }

    /// <summary>Items from the first key not before <paramref name="from"/>, in order. The tree must not change meanwhile.</summary>
    public IEnumerable<KeyValuePair<TKey, TValue>> From(TKey from) => Enumerate(_root, comparer, from, bounded: true);

    /// <summary>All items in order. The tree must not change meanwhile.</summary>
    public IEnumerable<KeyValuePair<TKey, TValue>> All() => Enumerate(_root, comparer, default!, bounded: false);

    private Node Own(Node node) => node.Epoch == _epoch ? node : node.Clone(_epoch);

    private Node OwnChild(Node parent, int position) => parent.Children![position] = Own(parent.Children[position]);

    private void Insert(Node node, TKey key, TValue value)
    {
        while (!node.IsLeaf)
        {
            var position = ChildFor(node, comparer, key);
            if (position == 0 && comparer.Compare(key, node.Keys[0]) < 0)
            {
                node.Keys[0] = key;
            }

            var child = OwnChild(node, position);
            if (child.Count == Node.Capacity)
            {
                SplitChild(node, position);
                position = ChildFor(node, comparer, key);
                child = OwnChild(node, position);
            }

            node = child;
        }

        var slot = Search(node, comparer, key);
        if (slot >= 0)
        {
            node.Values![slot] = value;
            return;
        }

        node.InsertAt(~slot, key);
        node.Values![~slot] = value;
        Count++;
    }

    private void SplitChild(Node parent, int position)
    {
        var left = OwnChild(parent, position);
        var right = left.SplitHalf(_epoch);
        parent.InsertAt(position + 1, right.Keys[0]);
        parent.Children![position + 1] = right;
    }

    private void Delete(Node node, TKey key)
    {
        if (node.IsLeaf)
        {
            node.RemoveAt(Search(node, comparer, key));
            return;
        }

        var position = ChildFor(node, comparer, key);
        var child = OwnChild(node, position);
        Delete(child, key);
        if (child.Count == 0)
        {
            node.RemoveAt(position);
        }
        else if (child.Count < Node.Sparse)
        {
            var left = position + 1 < node.Count ? position : position - 1;
            if (left >= 0 && node.Children![left].Count + node.Children[left + 1].Count <= Node.Capacity / 2)
            {
                OwnChild(node, left).Absorb(node.Children[left + 1]);
                node.RemoveAt(left + 1);
            }
        }
    }

    private static bool TryGet(Node node, IComparer<TKey> comparer, TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        while (!node.IsLeaf)
        {
            node = node.Children![ChildFor(node, comparer, key)];
        }

        var slot = Search(node, comparer, key);
        value = slot >= 0 ? node.Values![slot] : default;
        return slot >= 0;
    }

    private static IEnumerable<KeyValuePair<TKey, TValue>> Enumerate(Node root, IComparer<TKey> comparer, TKey from, bool bounded)
    {
        var path = new Stack<(Node Node, int Next)>();
        var node = root;
        while (!node.IsLeaf)
        {
            var position = bounded ? ChildFor(node, comparer, from) : 0;
            path.Push((node, position + 1));
            node = node.Children![position];
        }

        var slot = bounded ? Search(node, comparer, from) : 0;
        slot = slot < 0 ? ~slot : slot;
        while (true)
        {
            for (; slot < node.Count; slot++)
            {
                yield return new(node.Keys[slot], node.Values![slot]);
            }

            slot = 0;
            while (path.TryPop(out var step))
            {
                if (step.Next < step.Node.Count)
                {
                    path.Push((step.Node, step.Next + 1));
                    node = step.Node.Children![step.Next];
                    break;
                }
            }

            if (path.Count == 0)
            {
                yield break;
            }

            while (!node.IsLeaf)
            {
                path.Push((node, 1));
                node = node.Children![0];
            }
        }
    }

    // The last child whose first key is not after the key; the first child for keys before all.
    private static int ChildFor(Node node, IComparer<TKey> comparer, TKey key)
    {
        var slot = Search(node, comparer, key);
        return slot >= 0 ? slot : Math.Max(~slot - 1, 0);
    }

    private static int Search(Node node, IComparer<TKey> comparer, TKey key) =>
        Array.BinarySearch(node.Keys, 0, node.Count, key, comparer);

    /// <summary>What the tree held when it was frozen. Reading it needs no lock.</summary>
    public sealed class Frozen
    {
        private readonly Node _root;
        private readonly IComparer<TKey> _comparer;

        internal Frozen(Node root, int count, IComparer<TKey> comparer)
        {
            _root = root;
            _comparer = comparer;
            Count = count;
        }

        public int Count { get; }

        public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => CowTree<TKey, TValue>.TryGet(_root, _comparer, key, out value);

        public IEnumerable<KeyValuePair<TKey, TValue>> All() => Enumerate(_root, _comparer, default!, bounded: false);
    }

    internal sealed class Node(int epoch, bool isLeaf)
    {
        public const int Capacity = 32;
        public const int Sparse = Capacity / 4;

        public int Epoch { get; } = epoch;

        public int Count { get; set; }

        /// <summary>In a leaf the keys; in a branch, for each child a key not after its first.</summary>
        public TKey[] Keys { get; } = new TKey[Capacity];

        public TValue[]? Values { get; } = isLeaf ? new TValue[Capacity] : null;

        public Node[]? Children { get; } = isLeaf ? null : new Node[Capacity];

        public bool IsLeaf => Children is null;

        private Array Items => Children ?? (Array)Values!;

        public Node Clone(int epoch)
        {
            var copy = new Node(epoch, IsLeaf) { Count = Count };
            Array.Copy(Keys, copy.Keys, Count);
            Array.Copy(Items, copy.Items, Count);
            return copy;
        }

        public void InsertAt(int position, TKey key)
        {
            Array.Copy(Keys, position, Keys, position + 1, Count - position);
            Array.Copy(Items, position, Items, position + 1, Count - position);
            Keys[position] = key;
            Count++;
        }

        public void RemoveAt(int position)
        {
            Count--;
            Array.Copy(Keys, position + 1, Keys, position, Count - position);
            Array.Copy(Items, position + 1, Items, position, Count - position);
            Array.Clear(Keys, Count, 1);
            Array.Clear(Items, Count, 1);
        }

        public Node SplitHalf(int epoch)
        {
            var half = Count / 2;
            var right = new Node(epoch, IsLeaf) { Count = Count - half };
            Array.Copy(Keys, half, right.Keys, 0, right.Count);
            Array.Copy(Items, half, right.Items, 0, right.Count);
            Array.Clear(Keys, half, right.Count);
            Array.Clear(Items, half, right.Count);
            Count = half;
            return right;
        }

        public void Absorb(Node right)
        {
            Array.Copy(right.Keys, 0, Keys, Count, right.Count);
            Array.Copy(right.Items, 0, Items, Count, right.Count);
            Count += right.Count;
        }
    }
}
