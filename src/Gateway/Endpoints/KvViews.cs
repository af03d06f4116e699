using System.Diagnostics;
using System.Text.Json;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Live;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;

namespace Quorate.Gateway.Endpoints;

/// <summary>Revisions of keys in the words of the contract.</summary>
internal static class KvViews
{
    /// <summary>Bytes of the largest value that a list of revisions or a watch carries.</summary>
    public const int PreviewBytes = 64 * 1024;

    /// <param name="preview">Whether a value of more than <see cref="PreviewBytes"/> is left out.</param>
    public static KeyRevisionView Of(KvRevision revision, bool preview)
    {
        var truncated = preview && revision.Value.Length > PreviewBytes;
        return new KeyRevisionView(
            revision.Revision,
            Change(revision.Change),
            Views.Time(revision.At),
            truncated || revision.Change != KvChange.Put ? null : JsonElement.Parse(revision.Value.Span),
            revision.Version,
            revision.Value.Length,
            revision.Reason,
            truncated);
    }

    public static KvWatchChange Of(StateEvent.KvChanged change) => new(
        change.Key, change.Revision, Change(change.Change), change.Item is { } item ? OfWatched(item) : null, change.Reason);

    /// <summary>A key with its value, if that is no larger than <see cref="PreviewBytes"/>.</summary>
    public static KeyView OfWatched(KvItem item) =>
        item.Value.Length <= PreviewBytes ? Views.Of(item, preview: false) : Views.Of(item, preview: true);

    public static string Change(KvChange change) => change switch
    {
        KvChange.Put => KeyChangeKinds.Put,
        KvChange.Deleted => KeyChangeKinds.Deleted,
        KvChange.Expired => KeyChangeKinds.Expired,
        _ => throw new UnreachableException(change.ToString()),
    };
}
