using System.Text.Json;

namespace Quorate.Contracts.Sessions;

/// <param name="TtlMs">Without a keepalive for this long the session ends: 100 to 86,400,000. Default 30,000.</param>
/// <param name="Name">What operators see; need not be unique. At most 512 bytes of UTF-8.</param>
public sealed record OpenSessionRequest(long? TtlMs = null, string? Name = null);

public sealed record SessionView(string Id, string? Name, long TtlMs, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <param name="Status"><c>committed</c>, or <c>not_committed</c>: no write with this number has been applied (yet).</param>
/// <param name="Index">Log index at which it committed.</param>
/// <param name="Result">The answer that was given, as a kind and its members.</param>
public sealed record SessionOutcome(string SessionId, long Sequence, string Status, long? Index, JsonElement? Result);

public static class OutcomeStatuses
{
    public const string Committed = "committed";
    public const string NotCommitted = "not_committed";
}
