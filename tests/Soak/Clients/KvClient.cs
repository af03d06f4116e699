using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Problems;

namespace Quorate.Soak.Clients;

/// <summary>The gateway's REST API as a careful client sees it: every answer says how far it can be relied on.</summary>
internal sealed class KvClient : IDisposable
{
    private const string NothingChanged = "nothing was changed";
    private const int PageSize = 1000;

    /// <summary>Longer than the gateway waits for a quorum, shorter than a round.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    private readonly HttpClient _http;

    public KvClient(Uri gateway, TimeSpan? timeout = null) => _http = new HttpClient { BaseAddress = gateway, Timeout = timeout ?? Timeout };

    /// <param name="expected">The revision the key must have, 0: none; null: whatever it has.</param>
    public async Task<Answer> PutAsync(string key, string value, long? expected, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Path(Routes.Key(key)))
        {
            Content = JsonContent.Create(new { value }),
        };
        if (expected is { } revision)
        {
            request.Headers.TryAddWithoutValidation("If-Match", revision.ToString(CultureInfo.InvariantCulture));
        }

        return await SendAsync(request, cancel);
    }

    public async Task<Answer> GetAsync(string key, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path(Routes.Key(key)));
        return await SendAsync(request, cancel);
    }

    public async Task<Answer> DeleteAsync(string key, CancellationToken cancel)
    {
        // With a body, though an empty one: a request without is sent again by the HTTP client itself when a connection breaks.
        using var request = new HttpRequestMessage(HttpMethod.Delete, Path(Routes.Key(key))) { Content = new ByteArrayContent([]) };
        return await SendAsync(request, cancel);
    }

    /// <summary>All keys that begin so, with their values.</summary>
    /// <exception cref="HttpRequestException">A page could not be read.</exception>
    public async Task<Dictionary<string, string>> ListAsync(string prefix, CancellationToken cancel)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        string? cursor = null;
        do
        {
            var query = $"{Routes.Kv}?prefix={Uri.EscapeDataString(prefix)}&limit={PageSize}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}";
            var page = (await _http.GetFromJsonAsync<Page<KeyView>>(Path(query), ContractJson.Options, cancel))!;
            foreach (var item in page.Items)
            {
                found[item.Key] = item.Value!.Value.GetString()!;
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);

        return found;
    }

    /// <summary>Who leads, as far as the gateway knows; null when nobody does or the gateway does not answer.</summary>
    public async Task<string?> LeaderAsync(CancellationToken cancel) => (await TryGetAsync<Topology>(Routes.Cluster, cancel))?.Leader;

    /// <summary>Null when it could not be found out now.</summary>
    public Task<ConsistencyReport?> ConsistencyAsync(CancellationToken cancel) => TryGetAsync<ConsistencyReport>(Routes.Consistency, cancel);

    /// <summary>Whether leadership was handed over.</summary>
    public async Task<bool> TransferAsync(string target, CancellationToken cancel)
    {
        try
        {
            using var response = await _http.PostAsJsonAsync(Path(Routes.Leadership), new TransferLeadershipRequest(target), ContractJson.Options, cancel);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (IsLost(e, cancel))
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();

    private static Uri Path(string path) => new(path, UriKind.Relative);

    private static bool IsLost(Exception error, CancellationToken cancel) =>
        error is HttpRequestException or IOException or JsonException || (error is OperationCanceledException && !cancel.IsCancellationRequested);

    private async Task<T?> TryGetAsync<T>(string path, CancellationToken cancel)
        where T : class
    {
        try
        {
            using var response = await _http.GetAsync(Path(path), cancel);
            return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<T>(ContractJson.Options, cancel) : null;
        }
        catch (Exception e) when (IsLost(e, cancel))
        {
            return null;
        }
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancel);
            return response.IsSuccessStatusCode
                ? await ReadAsync(request.Method, response, cancel)
                : Classify((await response.Content.ReadFromJsonAsync<Problem>(ContractJson.Options, cancel))!);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError && request.Content is not null)
        {
            // There never was a connection, so there was no request.
            return new Answer(Outcome.NotDone);
        }
        catch (Exception e) when (IsLost(e, cancel))
        {
            return new Answer(Outcome.Unknown);
        }
    }

    private static async Task<Answer> ReadAsync(HttpMethod method, HttpResponseMessage response, CancellationToken cancel)
    {
        if (method != HttpMethod.Get)
        {
            return new Answer(Outcome.Done);
        }

        var item = (await response.Content.ReadFromJsonAsync<KeyView>(ContractJson.Options, cancel))!;
        return new Answer(Outcome.Done, item.Value!.Value.GetString(), item.Revision);
    }

    private static Answer Classify(Problem problem) => problem.Code switch
    {
        ErrorCodes.KeyNotFound => new Answer(Outcome.Mismatch, Code: problem.Code),
        ErrorCodes.RevisionMismatch => Current(problem),
        ErrorCodes.Overloaded or ErrorCodes.DiskFull => new Answer(Outcome.NotDone, Code: problem.Code),
        ErrorCodes.NoQuorum when problem.Detail?.Contains(NothingChanged, StringComparison.Ordinal) is true => new Answer(Outcome.NotDone, Code: problem.Code),
        ErrorCodes.NoQuorum => new Answer(Outcome.Unknown, Code: problem.Code),
        _ => throw new SoakFailure($"unexpected answer {problem.Status} {problem.Code}: {problem.Detail}, trace {problem.TraceId}"),
    };

    private static Answer Current(Problem problem) =>
        problem.Extensions?.TryGetValue("current", out var current) is true && current.ValueKind == JsonValueKind.Object
            ? new Answer(Outcome.Mismatch, current.GetProperty("value").GetString(), current.GetProperty("revision").GetInt64(), problem.Code)
            : new Answer(Outcome.Mismatch, Code: problem.Code);
}
