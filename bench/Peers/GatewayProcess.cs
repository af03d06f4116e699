using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Quorate.Bench.Load;
using Quorate.Contracts;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Queues;

namespace Quorate.Bench.Peers;

/// <summary>One gateway process: how to start it, and what to ask of it.</summary>
internal sealed class GatewayProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ChildProcess _process;
    private readonly HttpClient _http1;
    private readonly HttpClient _http2;
    private readonly Uri _address;
    private readonly string _putBody;
    private readonly string _batchBody;
    private readonly byte[] _put = Encoding.UTF8.GetBytes($$"""{"value":"{{Workload.Value}}"}""");

    public GatewayProcess(Workspace workspace, string name, params IEnumerable<string> arguments)
    {
        var ports = Ports.Free(2);
        var http = $"http://127.0.0.1:{ports[0]}";
        _address = new Uri($"http://127.0.0.1:{ports[1]}");
        _http1 = new HttpClient { BaseAddress = new Uri(http) };
        _http2 = Http2.Client(_address);
        _putBody = workspace.Body($"{name}-put.json", _put);
        _batchBody = workspace.Body($"{name}-batch.json", JsonSerializer.SerializeToUtf8Bytes(new
        {
            operations = Enumerable.Range(0, Workload.BatchSize).Select(i => new { op = "put", key = Workload.BatchKey(i), value = Workload.Value }),
        }));
        _process = new ChildProcess(
            name, workspace.Executable("src/Gateway", "Quorate.Gateway"), workspace.Folder(name),
            [.. arguments, "--urls", http, "--Gateway:Http2Urls", _address.GetLeftPart(UriPartial.Authority)]);
    }

    public int Id => _process.Id;

    /// <summary>Where it speaks HTTP/1.1, as it does by default.</summary>
    public Uri Address => _http1.BaseAddress!;

    public IPEndPoint EndPoint => IPEndPoint.Parse(Address.Authority);

    public Task AwaitReadyAsync(CancellationToken cancel) => Wait.UntilAsync($"{_process.Name} is ready", StartLimit, async attempt =>
    {
        _process.EnsureRuns();
        using var response = await _http1.GetAsync(new Uri(Routes.Ready, UriKind.Relative), attempt);
        return response.IsSuccessStatusCode;
    }, cancel);

    public LoadRequest Request(Workload workload) =>
        workload == Workload.Writes ? new LoadRequest(Url(Routes.Key(Workload.Key)), [":method: PUT", "content-type: application/json"], _putBody)
        : workload == Workload.Reads ? new LoadRequest(Url(Routes.Key(Workload.Key)), [], null)
        : workload == Workload.Batches ? new LoadRequest(Url(BatchPath), ["content-type: application/json"], _batchBody)
        : throw new UnreachableException(workload.Name);

    /// <summary>As <see cref="IPeer.ProveAsync"/>.</summary>
    public async Task<string?> ProveAsync(Workload workload, CancellationToken cancel)
    {
        if (workload == Workload.Reads)
        {
            return (await GetAsync(Workload.Key, cancel))?.Value?.GetString() == Workload.Value ? null : "the read does not answer the value that was written";
        }

        var key = workload.CountedKey!;
        var before = await VersionAsync(key, cancel);
        if (workload == Workload.Writes)
        {
            await PutAsync(key, cancel);
        }
        else if (await PostBatchAsync(cancel) is { } reason)
        {
            return reason;
        }

        var grown = await VersionAsync(key, cancel) - before;
        return grown != 1 ? $"one request wrote the key {grown} times"
            : (await GetAsync(key, cancel))?.Value?.GetString() != Workload.Value ? "the value is not the one that was written"
            : null;
    }

    public async Task<long> VersionAsync(string key, CancellationToken cancel) => (await GetAsync(key, cancel))?.Version ?? 0;

    public async Task PutAsync(string key, CancellationToken cancel)
    {
        using var response = await _http2.PutAsync(new Uri(Routes.Key(key), UriKind.Relative), Body(_put), cancel);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new BenchException($"a write was answered {(int)response.StatusCode}");
        }
    }

    /// <summary>Creates a queue with default settings.</summary>
    public async Task CreateQueueAsync(string name, CancellationToken cancel)
    {
        using var response = await _http2.PutAsync(new Uri(Routes.Queue(name), UriKind.Relative), Body("{}"u8.ToArray()), cancel);
        response.EnsureSuccessStatusCode();
    }

    public async Task<QueueView> QueueAsync(string name, CancellationToken cancel) =>
        (await _http2.GetFromJsonAsync<QueueView>(new Uri(Routes.Queue(name), UriKind.Relative), ContractJson.Options, cancel))!;

    public async Task<Topology> TopologyAsync(CancellationToken cancel) =>
        (await _http1.GetFromJsonAsync<Topology>(new Uri(Routes.Cluster, UriKind.Relative), ContractJson.Options, cancel))!;

    public void Dispose()
    {
        _process.Dispose();
        _http1.Dispose();
        _http2.Dispose();
    }

    private static string BatchPath => $"{Routes.Api}/batch";

    private static ByteArrayContent Body(byte[] json) => new(json) { Headers = { ContentType = Json } };

    private Uri Url(string path) => new(_address, path);

    private async Task<KeyView?> GetAsync(string key, CancellationToken cancel)
    {
        using var response = await _http2.GetAsync(new Uri(Routes.Key(key), UriKind.Relative), cancel);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => await response.Content.ReadFromJsonAsync<KeyView>(ContractJson.Options, cancel),
            HttpStatusCode.NotFound => null,
            var other => throw new BenchException($"a read was answered {(int)other}"),
        };
    }

    private async Task<string?> PostBatchAsync(CancellationToken cancel)
    {
        using var response = await _http2.PostAsync(new Uri(BatchPath, UriKind.Relative), Body(await File.ReadAllBytesAsync(_batchBody, cancel)), cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            return $"this gateway has no {BatchPath}";
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return $"a batch was answered {(int)response.StatusCode}: {text}";
        }

        using var json = JsonDocument.Parse(text);
        return json.RootElement.TryGetProperty("results", out var results)
            && results.GetArrayLength() == Workload.BatchSize
            && results.EnumerateArray().All(result => result.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True)
            ? null
            : $"a batch was answered without {Workload.BatchSize} good results";
    }
}
