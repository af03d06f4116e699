using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Quorate.Bench.Load;
using Quorate.Contracts;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Regions;

namespace Quorate.Bench.Peers;

/// <summary>Two regions, each a gateway process with a cluster of its own inside, linked over HTTP/2 with a shared secret. Documents are written in the first.</summary>
/// <param name="nodes">Of each region's cluster.</param>
/// <param name="coordinatorIsFar">Whether the region that is written to hands its changes over the link, instead of having them fetched.</param>
internal sealed class RegionPair(Workspace workspace, string name, int nodes, bool coordinatorIsFar = false) : IReplicaPair
{
    private const string Near = "eu";
    private const string Far = "us";
    private const string Secret = "a secret of the benchmark";
    private const int Page = 1000;

    /// <summary>Batches sent again in the whole run; more means that something is wrong.</summary>
    private const int MostRepeated = 100;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private GatewayProcess? _nearGateway;
    private GatewayProcess? _farGateway;
    private HttpClient? _near;
    private HttpClient? _far;
    private Relay? _link;
    private int _repeated;

    public string Name => name;

    public IReadOnlyList<PeerProcess> Processes => [new PeerProcess("written to", _nearGateway!.Id, true), new PeerProcess("arrived at", _farGateway!.Id, true)];

    public Relay Link => _link!;

    public async Task StartAsync(CancellationToken cancel)
    {
        var ports = Ports.Free(2);
        _link = new Relay(coordinatorIsFar ? ports[1] : ports[0]);
        _nearGateway = Start(Near, ports[0], Far);
        _farGateway = Start(Far, ports[1], Near);
        await _nearGateway.AwaitReadyAsync(cancel);
        await _farGateway.AwaitReadyAsync(cancel);
        (_near, _far) = (Client(_nearGateway), Client(_farGateway));
        await Wait.UntilAsync($"{Name}: changes flow", StartLimit, async attempt =>
            await PhaseAsync(_near, Near, attempt) == RegionPhases.Streaming && await PhaseAsync(_far, Far, attempt) == RegionPhases.Streaming, cancel);
    }

    public async Task BeginAsync(string round, CancellationToken cancel)
    {
        using var response = await _near!.PostAsJsonAsync(Routes.Collections, new CreateCollectionRequest(round), ContractJson.Options, cancel);
        response.EnsureSuccessStatusCode();
        await Wait.UntilAsync($"{Name}: the collection has arrived", StartLimit, async attempt => await FindAsync(_far!, round, attempt) is not null, cancel);
    }

    public byte[] Prepare(string round, int first, int count)
    {
        var operations = Enumerable.Range(first, count).Select(number =>
            $$"""{"op":"put","collection":"{{round}}","key":"{{RoundDocument.Key(number)}}","value":{{RoundDocument.Json(number)}}}""");
        return Encoding.UTF8.GetBytes($$"""{"operations":[{{string.Join(',', operations)}}]}""");
    }

    public async Task WriteAsync(int connection, byte[] request, int count, CancellationToken cancel)
    {
        while (true)
        {
            using var content = new ByteArrayContent(request) { Headers = { ContentType = Json } };
            using var response = await _near!.PostAsync(Routes.Batch, content, cancel);
            var answer = await response.Content.ReadAsByteArrayAsync(cancel);
            if (response.StatusCode == HttpStatusCode.OK && answer.AsSpan().Count("\"ok\":true"u8) == count)
            {
                return;
            }

            // Overloaded, or not answered in time: whoever writes sends it again, and the same values once more do no harm.
            if (response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests) || ++_repeated > MostRepeated)
            {
                throw new BenchException($"a batch of {count} documents was answered {(int)response.StatusCode}: {Encoding.UTF8.GetString(answer, 0, Math.Min(answer.Length, 500))}");
            }

            Progress.Say($"    {Name}: a batch was answered {(int)response.StatusCode} and is sent again");
        }
    }

    public async Task<long> ArrivedAsync(string round, CancellationToken cancel) => (await FindAsync(_far!, round, cancel))?.Documents ?? 0;

    public async Task<bool> HasArrivedAsync(string round, int number, CancellationToken cancel)
    {
        using var response = await _far!.GetAsync(Routes.Document(round, RoundDocument.Key(number)), cancel);
        return response.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>A revision is a hash over value, time, region and what came before: whoever has the same revisions has the same documents.</summary>
    public async Task<string?> WhyUnequalAsync(string round, int count, CancellationToken cancel)
    {
        string? cursor = null;
        var seen = 0;
        do
        {
            var path = $"{Routes.Documents(round)}?limit={Page}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}";
            var (here, there) = (await PageAsync(_near!, path, cancel), await PageAsync(_far!, path, cancel));
            if (!here.Items.Select(item => (item.Key, item.Rev)).SequenceEqual(there.Items.Select(item => (item.Key, item.Rev))))
            {
                return $"the regions hold different documents after {seen} of {round}";
            }

            if (there.Items.Count > 0 && there.Items[^1] is var last && last.Value?.GetRawText() != RoundDocument.Json(int.Parse(last.Key, System.Globalization.CultureInfo.InvariantCulture)))
            {
                return $"document {last.Key} of {round} is not the one that was written";
            }

            (seen, cursor) = (seen + here.Items.Count, here.NextCursor);
        }
        while (cursor is not null);
        return seen == count ? null : $"{count} documents were written, but both regions have {seen}";
    }

    public async Task EndAsync(string round, CancellationToken cancel)
    {
        using var response = await _near!.DeleteAsync(Routes.Collection(round), cancel);
        response.EnsureSuccessStatusCode();
        await Wait.UntilAsync($"{Name}: the collection is gone", StartLimit, async attempt => await FindAsync(_far!, round, attempt) is null, cancel);
    }

    public ValueTask DisposeAsync()
    {
        _near?.Dispose();
        _far?.Dispose();
        _link?.Dispose();
        _nearGateway?.Dispose();
        _farGateway?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static HttpClient Client(GatewayProcess gateway) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = gateway.Address };

    private static async Task<CollectionView?> FindAsync(HttpClient client, string round, CancellationToken cancel)
    {
        using var response = await client.GetAsync(Routes.Collection(round), cancel);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => await response.Content.ReadFromJsonAsync<CollectionView>(ContractJson.Options, cancel),
            HttpStatusCode.NotFound => null,
            var other => throw new BenchException($"a collection was answered {(int)other}"),
        };
    }

    private static async Task<Page<DocumentView>> PageAsync(HttpClient client, string path, CancellationToken cancel) =>
        (await client.GetFromJsonAsync<Page<DocumentView>>(path, ContractJson.Options, cancel))!;

    private static async Task<string?> PhaseAsync(HttpClient client, string region, CancellationToken cancel) =>
        (await client.GetFromJsonAsync<RegionsView>(Routes.Regions, ContractJson.Options, cancel))!.Regions.Single(view => view.Id == region).Phase;

    private GatewayProcess Start(string self, int listen, string other)
    {
        var folder = $"{name.Replace(' ', '-')}-{self}";
        return new GatewayProcess(
            workspace, folder, "--data", Path.Combine(workspace.Folder(folder), "data"), "--nodes", $"{nodes}",
            $"--Regions:Self={self}",
            $"--Regions:Listen=127.0.0.1:{listen}",
            $"--Regions:Peers={other}=http://127.0.0.1:{Link.Port}",
            $"--Regions:Coordinator={(coordinatorIsFar ? Far : Near)}",
            $"--Regions:Secret={Secret}",

            // A whole collection is deleted after each round: nobody is there to let that through.
            "--Regions:BrakeShare=1");
    }
}
