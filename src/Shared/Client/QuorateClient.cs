using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Problems;

namespace Quorate.Client;

/// <summary>The gateway's REST API, version 1. Safe for concurrent use.</summary>
/// <remarks>
/// Every method throws <see cref="QuorateException"/> when the gateway answers with an error, and
/// <see cref="HttpRequestException"/> when it cannot be reached.
/// </remarks>
/// <param name="http">Its <see cref="HttpClient.BaseAddress"/> is the gateway; its timeout and lifetime belong to the caller.</param>
/// <param name="accessToken">Sent as bearer token; null sends none.</param>
public sealed partial class QuorateClient(HttpClient http, string? accessToken = null)
{
    private const int MaxErrorBodyChars = 512;

    private LockFence? _fence;

    /// <summary>Locks as handles that renew themselves.</summary>
    public LockClient Locks => new(this);

    /// <summary>A client whose writes happen only while the lock is held with the token: each is checked in the step that writes.</summary>
    /// <remarks>A write that comes too late throws <see cref="QuorateException"/> with <c>stale_token</c>.</remarks>
    public QuorateClient With(LockFence fence) => new(http, accessToken) { _fence = fence, _region = _region };

    private Task<T> GetAsync<T>(string path, CancellationToken cancellation) =>
        SendAsync<T>(Request(HttpMethod.Get, path), cancellation);

    private Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellation) =>
        SendAsync<T>(Request(HttpMethod.Post, path, body), cancellation);

    private static HttpRequestMessage Request(HttpMethod method, string path, object? body = null, string? reason = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: ContractJson.Options);
        }

        if (!string.IsNullOrWhiteSpace(reason))
        {
            request.Headers.TryAddWithoutValidation(Headers.Reason, HeaderText(reason));
        }

        return request;
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage message, CancellationToken cancellation)
    {
        using var request = message;
        using var response = await AnswerAsync(request, cancellation);
        return await response.Content.ReadFromJsonAsync<T>(ContractJson.Options, cancellation)
            ?? throw new JsonException($"{request.Method} {request.RequestUri} answered null instead of {typeof(T).Name}.");
    }

    private async Task SendAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        using var request = message;
        using var response = await AnswerAsync(request, cancellation);
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (accessToken is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        }

        if (_fence is { } fence && request.Method != HttpMethod.Get)
        {
            request.Headers.TryAddWithoutValidation(Headers.Fencing, fence.ToString());
        }

        if (_region is not null)
        {
            var path = request.RequestUri!.OriginalString;
            request.RequestUri = new Uri($"{path}{(path.Contains('?') ? '&' : '?')}region={Uri.EscapeDataString(_region)}", UriKind.RelativeOrAbsolute);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new QuorateException(await ReadProblemAsync(response, cancellation));
        }
    }

    /// <summary>Something between client and gateway may answer with no problem details; its status still becomes a problem.</summary>
    private static async Task<Problem> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var body = await response.Content.ReadAsStringAsync(cancellation);
        try
        {
            if (JsonSerializer.Deserialize<Problem>(body, ContractJson.Options) is { Code: not null } problem)
            {
                return problem;
            }
        }
        catch (JsonException)
        {
            // Not JSON: what was said is kept as the detail below.
        }

        var code = response.StatusCode == HttpStatusCode.NotFound ? ErrorCodes.NotFound : ErrorCodes.Internal;
        var detail = body.Length == 0 ? response.ReasonPhrase : body[..Math.Min(body.Length, MaxErrorBodyChars)];
        return new Problem(null, response.ReasonPhrase, (int)response.StatusCode, detail, code, null, null);
    }

    /// <summary>
    /// A header carries Latin letters only, so other text goes as its UTF-8 bytes, percent-encoded; line breaks never pass. So does
    /// text with a percent sign, which the gateway would take for the beginning of an escape.
    /// </summary>
    private static string HeaderText(string text) =>
        text.All(c => c is >= ' ' and <= '~' and not '%') ? text : Uri.EscapeDataString(text);

    private static string WithQuery(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var result = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (string.IsNullOrEmpty(value))
            {
                continue;
            }

            result.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return result.ToString();
    }
}
