using Quorate.Core.Clocks;
using Quorate.Core.Collections;
using Quorate.Core.Replication.Regions;

namespace Quorate.Core.StateMachine.Blobs;

/// <summary>
/// Blobs where there are other regions. Which version of a blob counts is decided where all regions decide it alike: in the documents' table, whose
/// collection of manifests says so here. What it says is shown at once when the content is here already; otherwise it is an arrival:
/// <code>
///   manifest from elsewhere ──▶ arrival ──a chunk more is durable on a majority here──▶ … ──the last──▶ blob
///                                  └──another version, or a deletion, or a write here──▶ nothing
/// </code>
/// What was visible before stays so until then.
/// </summary>
public sealed partial class BlobTable
{
    private readonly CowTree<string, BlobArrival> _arrivals = new(StringComparer.Ordinal);

    // Derived: in the order in which they became known, and the content of versions that lost while nobody has overwritten them.
    private readonly CowTree<(long Number, string Id), BlobArrival> _arrivalsByNumber = new(Comparer<(long, string)>.Create(ByIndex));
    private readonly CowTree<string, IReadOnlyList<BlobContent>> _losers = new(StringComparer.Ordinal);

    /// <summary>How far blobs have become news for the other regions that were here before blobs were exchanged.</summary>
    public BlobAdoption Adoption { get; private set; } = BlobAdoption.None;

    /// <summary>Blobs on their way from other regions.</summary>
    public int Arriving => _arrivals.Count;

    /// <summary>Those, the one first that became known first. The table must not change meanwhile.</summary>
    public IEnumerable<BlobArrival> Arrivals => _arrivalsByNumber.All().Select(pair => pair.Value);

    public BlobArrival? GetArrival(string id) => _arrivals.TryGet(id, out var arrival) ? arrival : null;

    internal void Adopted(BlobAdoption adoption) => Adoption = adoption;

    /// <summary>Which version of a blob counts is another, or may be.</summary>
    /// <param name="version">Null: none, it was deleted.</param>
    /// <param name="now">After every version that was ever here.</param>
    internal void Show(string id, DocumentVersion? version, HlcTimestamp now, in ApplyContext context)
    {
        var content = version is null ? null : BlobContent.Read(version.Value!.Value);
        var shown = Get(id);
        if (version is null || content is null)
        {
            Drop(id, context);
            if (shown is not null)
            {
                Withdraw(shown, now, context);
            }

            return;
        }

        // Regions may write the same content at the same time: what is shown is the version's in every respect, or it is written again.
        if (shown is not null && shown.ModifiedAt == version.At && shown.CreatedAt == version.CreatedAt
            && shown.Sha256 == content.Sha256 && shown.ContentType == content.ContentType)
        {
            Drop(id, context);
        }
        else if (shown is not null && shown.Sha256 == content.Sha256 && shown.Chunks.Packed.Span.SequenceEqual(content.Chunks.Packed.Span))
        {
            Drop(id, context);
            Write(id, content, new BlobStamp(version.CreatedAt, version.At), context);
        }
        else if (content.Chunks.Count == 0)
        {
            Drop(id, context);
            Write(id, content, new BlobStamp(version.CreatedAt, version.At), context);
        }
        else if (GetArrival(id) is not { } known || known.At != version.At || known.Region != version.Region || known.Content.Sha256 != content.Sha256)
        {
            Drop(id, context);
            Store(new BlobArrival(id, context.Index, version.Region, content, version.CreatedAt, version.At, 0, context.Time, context.Time));
            context.Events.Add(new StateEvent.BlobArrivalMoved(id));
        }
    }

    /// <summary>Keeps the content of versions that lost, here where it is, as long as an operator can still decide for them.</summary>
    internal void Keep(string id, VersionSet versions)
    {
        if (_losers.TryGet(id, out var former))
        {
            _losers.Remove(id);
            Name(former.SelectMany(content => content.Chunks.All()), -1);
        }

        if (versions.Versions.Count > 1)
        {
            var latest = versions.Latest;
            var losers = versions.Versions.Where(version => !ReferenceEquals(version, latest) && !version.IsDeletion)
                .Select(version => BlobContent.Read(version.Value!.Value)).OfType<BlobContent>().ToList();
            _losers.Set(id, losers);
            Name(losers.SelectMany(content => content.Chunks.All()), 1);
        }
    }

    private BlobResult Arrive(BlobArrive arrive, in ApplyContext context)
    {
        if (GetArrival(arrive.Id) is not { } arrival || arrival.Number != arrive.Number)
        {
            return new BlobResult.UploadUnknown();
        }

        if (arrive.First > arrival.Held || arrive.Count < 0 || arrive.Count > arrival.Content.Chunks.Count - arrive.First)
        {
            return new BlobResult.UploadMismatch(arrival.Held);
        }

        var held = Math.Max(arrival.Held, arrive.First + arrive.Count);
        if (held == arrival.Content.Chunks.Count)
        {
            Drop(arrival.Id, context);
            return Write(arrival.Id, arrival.Content, new BlobStamp(arrival.CreatedAt, arrival.At), context);
        }

        if (held > arrival.Held)
        {
            Set(arrival with { Held = held, MovedAt = context.Time });
            context.Events.Add(new StateEvent.BlobArrivalMoved(arrival.Id));
        }

        return new BlobResult.UploadAt(held);
    }

    internal void Restore(BlobArrival arrival) => Store(arrival);

    private void Drop(string id, in ApplyContext context)
    {
        if (GetArrival(id) is { } arrival)
        {
            _arrivals.Remove(id);
            _arrivalsByNumber.Remove((arrival.Number, id));
            Name(arrival.Content.Chunks.All(), -1);
            context.Events.Add(new StateEvent.BlobArrivalMoved(id));
        }
    }

    private void Store(BlobArrival arrival)
    {
        Set(arrival);
        Name(arrival.Content.Chunks.All(), 1);
    }

    private void Set(BlobArrival arrival)
    {
        _arrivals.Set(arrival.Id, arrival);
        _arrivalsByNumber.Set((arrival.Number, arrival.Id), arrival);
    }
}

/// <summary>Blobs that were here before blobs were exchanged, and have to become known to the other regions.</summary>
/// <param name="HasBegun">From then on every write of a blob is also a change for them.</param>
/// <param name="Through">Those with an id up to this one are done.</param>
public sealed record BlobAdoption(bool HasBegun, bool IsDone, string Through)
{
    public static readonly BlobAdoption None = new(false, false, "");
}
