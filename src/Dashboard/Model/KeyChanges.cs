using Quorate.Contracts.Kv;
using Quorate.Dashboard.Live;

namespace Quorate.Dashboard.Model;

/// <summary>What the last notification said about keys, for whoever follows a single one.</summary>
/// <param name="Reset">Changes may have been lost: read the key again.</param>
public sealed record KeyChanges(IReadOnlyDictionary<string, KeyView> Written, IReadOnlySet<string> Removed, bool Reset)
{
    public static readonly KeyChanges None = new(new Dictionary<string, KeyView>(), new HashSet<string>(), false);

    /// <summary>A key that was written and removed in the same batch counts as what happened to it last.</summary>
    public static KeyChanges Of(LiveBatch batch)
    {
        var written = new Dictionary<string, KeyView>();
        var removed = new HashSet<string>();
        foreach (var change in batch.KeyChanges)
        {
            foreach (var key in change.Removed)
            {
                written.Remove(key);
                removed.Add(key);
            }

            foreach (var key in change.Items)
            {
                written[key.Key] = key;
                removed.Remove(key.Key);
            }
        }

        return new KeyChanges(written, removed, batch.KeysReset);
    }
}
