using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Quorate.Bench.Peers;
using Quorate.Contracts;

namespace Quorate.Bench.Measure;

/// <summary>
/// Memory of a system that is sent bodies of 1 MB: at rest, then by a few clients, as many as it carries without refusing much, then by
/// ten times as many. A client sends its next request when the one before is answered, however it was answered, and never waits as
/// <c>Retry-After</c> asks it to.
/// </summary>
internal sealed class Flood(IReadOnlyList<PeerProcess> processes, Uri gateway)
{
    public const int FewClients = 12;
    public const int ManyClients = 10 * FewClients;

    /// <summary>Overwritten again and again, so that the state stays small.</summary>
    private const int Keys = 4;
    private const int BodyBytes = 1_000_000;
    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(250);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes($$"""{"value":"{{new string('x', BodyBytes)}}"}""");

    public async Task<IReadOnlyList<FloodStage>> MeasureAsync(TimeSpan duration, CancellationToken cancel)
    {
        var stages = new List<FloodStage> { new("at rest", 0, 0, 0, 0, Resident(), Resident()) };
        stages.Add(await StageAsync("1x", FewClients, chunked: false, duration, cancel));
        stages.Add(await StageAsync("10x", ManyClients, chunked: false, duration, cancel));
        stages.Add(await StageAsync("10x, chunked", ManyClients, chunked: true, duration, cancel));
        return stages;
    }

    private async Task<FloodStage> StageAsync(string name, int clients, bool chunked, TimeSpan duration, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = clients }) { BaseAddress = gateway };
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        end.CancelAfter(duration);
        var counts = new Dictionary<HttpStatusCode, int>();
        var work = Enumerable.Range(0, clients).Select(number => Task.Run(() => SendAsync(http, number, chunked, counts, end.Token), cancel)).ToArray();
        var (first, peak) = (0.0, 0.0);
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            await Task.Delay(Sample, cancel);
            var resident = Resident();
            first = i * Sample < duration / 2 ? Math.Max(first, resident) : first;
            peak = Math.Max(peak, resident);
        }

        await Task.WhenAll(work);
        var ok = counts.GetValueOrDefault(HttpStatusCode.OK);
        var refused = counts.GetValueOrDefault(HttpStatusCode.TooManyRequests);
        return new FloodStage(name, clients, ok / duration.TotalSeconds, refused / duration.TotalSeconds, counts.Values.Sum() - ok - refused, first, peak);
    }

    private static async Task SendAsync(HttpClient http, int number, bool chunked, Dictionary<HttpStatusCode, int> counts, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, Routes.Key($"flood-{number % Keys}"))
            {
                Content = new ByteArrayContent(Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            };
            request.Headers.TransferEncodingChunked = chunked;
            using var response = await http.SendAsync(request, CancellationToken.None);
            lock (counts)
            {
                counts[response.StatusCode] = counts.GetValueOrDefault(response.StatusCode) + 1;
            }
        }
    }

    private double Resident() => processes.Sum(process => double.Parse(
        File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024 / 1e6);
}

/// <param name="Other">Answers that were neither success nor 429.</param>
/// <param name="FirstHalfMb">Most resident memory of all processes in the first half of the stage, megabytes of 10^6 bytes.</param>
/// <param name="PeakMb">The same over the whole stage: memory that goes on growing shows as the difference.</param>
internal sealed record FloodStage(string Name, int Clients, double Accepted, double Refused, int Other, double FirstHalfMb, double PeakMb);
