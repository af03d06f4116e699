using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Processes;

/// <summary>The gateway with its three nodes as a process of its own, sent more large bodies than it can carry, by clients that do not wait.</summary>
[Collection(Alone.Name)]
public sealed class FloodTests
{
    private const int Clients = 96;
    private const int Large = 1_000_000;
    private static readonly TimeSpan Flood = TimeSpan.FromSeconds(6);

    /// <summary>
    /// What the process may take: three logs of 128 MiB, three histories and a mirror's of 32 MiB each, 64 MiB of bodies and of encoded
    /// writes, come to 700 MiB; as much again for the garbage between two collections, and 200 MiB for the process itself.
    /// Without the bounds it takes several gigabytes within these seconds.
    /// </summary>
    private const long MaxResidentBytes = 1_600L << 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Put_LargeBodiesFasterThanTheyCanBeCarried_IsRefusedWithMemoryInBounds(bool chunked)
    {
        await using var gateway = await AllInOneProcess.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Clients + 1 }) { BaseAddress = gateway.Address };
        using var end = new CancellationTokenSource(Flood);
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(number => Task.Run(() => FloodAsync(http, $"k{number}", chunked, end.Token))));

        Assert.True(clients.Sum(client => client.Refused) > 0, "nothing was refused");
        Assert.True(clients.Sum(client => client.Version) > 0, "nothing was accepted");
        Assert.InRange(gateway.PeakResidentBytes, 0, MaxResidentBytes);
        foreach (var client in clients)
        {
            // Nobody else writes the key: it has been written as often as that was acknowledged, or once more where the answer was lost.
            Assert.InRange(await VersionAsync(http, client.Key), client.Version, client.Version + client.Unknown);
        }
    }

    private static async Task<Outcome> FloodAsync(HttpClient http, string key, bool chunked, CancellationToken end)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"value":"{{new string('x', Large)}}"}""");
        var (version, refused, unknown) = (0L, 0, 0);
        while (!end.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, Routes.Key(key))
            {
                Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            };
            request.Headers.TransferEncodingChunked = chunked;
            using var response = await http.SendAsync(request, CancellationToken.None);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    version++;
                    break;
                case HttpStatusCode.TooManyRequests:
                    refused++;
                    Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
                    Assert.Contains($"\"{ErrorCodes.Overloaded}\"", await response.Content.ReadAsStringAsync(CancellationToken.None), StringComparison.Ordinal);
                    break;
                default:
                    Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
                    unknown++;
                    break;
            }
        }

        return new Outcome(key, version, refused, unknown);
    }

    private static async Task<long> VersionAsync(HttpClient http, string key)
    {
        var version = 0L;
        await Eventually.HoldsAsync(async () =>
        {
            using var response = await http.GetAsync(new Uri(Routes.Key(key), UriKind.Relative));
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                return true;
            }

            version = response.IsSuccessStatusCode ? JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("version").GetInt64() : 0;
            return response.IsSuccessStatusCode;
        });
        return version;
    }

    /// <param name="Version">Writes that were acknowledged.</param>
    /// <param name="Unknown">Writes of which nobody knows: no quorum answered in time.</param>
    private sealed record Outcome(string Key, long Version, int Refused, int Unknown);
}
