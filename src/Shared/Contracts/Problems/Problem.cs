using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quorate.Contracts.Problems;

/// <summary>Problem details (RFC 9457) as every error is answered.</summary>
/// <param name="Field">The request field, header or parameter that is wrong, when one is.</param>
public sealed record Problem(string? Type, string? Title, int Status, string? Detail, string Code, string? Field, string? TraceId)
{
    /// <summary>Members beyond the common ones: <c>holders</c>, <c>cycle</c>, <c>current</c>, <c>newestToken</c>, <c>limits</c>, <c>stale</c>,
    /// <c>oldestKept</c>, <c>retryAfterMs</c>.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extensions { get; init; }
}
