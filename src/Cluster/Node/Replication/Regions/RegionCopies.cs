using System.Globalization;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;

namespace Quorate.Node.Replication.Regions;

/// <summary>Copies of the coordinator's state on their way to regions that fell behind its logs: one for each region, taken at one moment.</summary>
internal sealed class RegionCopies(IRegionStore store, TimeProvider time)
{
    /// <summary>A copy that nobody asks for any more is let go.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Copy> _copies = new(StringComparer.Ordinal);
    private long _last;

    /// <exception cref="RegionLinkException">The copy that the cursor is of is not there any more.</exception>
    public CopyAnswer Read(CopyRequest request)
    {
        lock (_gate)
        {
            foreach (var (region, _) in _copies.Where(pair => time.GetElapsedTime(pair.Value.AskedAt) > Patience).ToList())
            {
                _copies.Remove(region);
            }

            var (copy, from) = request.Cursor is { } cursor ? Find(request.Region, cursor) : (_copies[request.Region] = Take(request.Region), 0);
            copy.AskedAt = time.GetTimestamp();
            var (until, bytes) = (from, 0L);
            while (until < copy.Changes.Count && until - from < Math.Max(1, request.MaxChanges) && (until == from || bytes < request.MaxBytes))
            {
                bytes += copy.Changes[until++].Cost;
            }

            // The last part stays too: its answer may be lost on the way.
            var next = until < copy.Changes.Count ? string.Create(CultureInfo.InvariantCulture, $"{copy.Number}:{until}") : null;
            return new CopyAnswer(copy.Changes[from..until], copy.Positions, next);
        }
    }

    private (Copy Copy, int From) Find(string region, string cursor) =>
        cursor.Split(':') is [var number, var from]
        && int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
        && _copies.TryGetValue(region, out var copy)
        && copy.Number.ToString(CultureInfo.InvariantCulture) == number
        && position <= copy.Changes.Count
            ? (copy, position)
            : throw new RegionLinkException(RefusalCodes.Unavailable, "The copy is not there any more. Begin anew.");

    private Copy Take(string region) => store.Peek(state => new Copy(++_last, [.. state.Documents.ExportChanges()], CoordinatorAnswers.CopyPositions(state, region)));

    private sealed class Copy(long number, List<ChangeEvent> changes, IReadOnlyList<OriginPosition> positions)
    {
        public long Number => number;

        public List<ChangeEvent> Changes => changes;

        public IReadOnlyList<OriginPosition> Positions => positions;

        public long AskedAt { get; set; }
    }
}
