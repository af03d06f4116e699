using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Regions;

namespace Quorate.Dashboard.Model;

/// <summary>Which conflicts are shown; stands in the URL.</summary>
/// <param name="Writer">A region that wrote one of the versions.</param>
/// <param name="Prefix">Keys that begin with it.</param>
public sealed record ConflictFilter(string? Status, string? Collection, string? Strategy, string? Writer, string? Prefix)
{
    public bool IsEmpty => this == new ConflictFilter(null, null, null, null, null);

    public Task<Page<ConflictView>> ReadAsync(QuorateClient client, int limit, string? cursor = null) =>
        client.ListConflictsAsync(Text(Status), Text(Collection), Text(Strategy), Text(Writer), Text(Prefix), limit, cursor);

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
