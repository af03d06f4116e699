using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Net.Http.Headers;
using Quorate.Contracts;
using Quorate.Contracts.Problems;

namespace Quorate.Gateway.Problems;

/// <summary>An error as it is answered: problem details (RFC 9457) with the members of <see cref="Problem"/>.</summary>
/// <param name="code">One of <see cref="ErrorCodes"/>; it decides status, type and title.</param>
/// <param name="detail">What happened, to which thing, and what to do.</param>
internal sealed class ProblemResult(string code, string detail) : IResult, IStatusCodeHttpResult
{
    public const string ContentType = "application/problem+json";

    // Problems are read by people too, and never inside of HTML: quotes stay quotes.
    private static readonly JsonSerializerOptions Json = new(ContractJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public ProblemKind Kind { get; } = ProblemKind.Of(code);

    public string Detail { get; } = detail;

    /// <summary>The request field, header or parameter that is wrong.</summary>
    public string? Field { get; init; }

    /// <summary>When a retry makes sense, in milliseconds; also answered in whole seconds as <c>Retry-After</c>.</summary>
    public int? RetryAfterMs { get; init; }

    public Dictionary<string, JsonElement> Extensions { get; } = [];

    int? IStatusCodeHttpResult.StatusCode => Kind.Status;

    /// <summary>Adds a member of its own to the problem.</summary>
    public ProblemResult With<T>(string name, T value)
    {
        Extensions[name] = JsonSerializer.SerializeToElement(value, ContractJson.Options);
        return this;
    }

    public Task ExecuteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Kind.Status;
        if (RetryAfterMs is { } ms)
        {
            With("retryAfterMs", ms);
            response.Headers[HeaderNames.RetryAfter] = ((ms + 999) / 1000).ToString(CultureInfo.InvariantCulture);
        }

        var traceId = Activity.Current?.Id ?? context.TraceIdentifier;
        var problem = new Problem(Kind.Type, Kind.Title, Kind.Status, Detail, Kind.Code, Field, traceId) { Extensions = Extensions };
        return response.WriteAsJsonAsync(problem, Json, ContentType, context.RequestAborted);
    }
}
