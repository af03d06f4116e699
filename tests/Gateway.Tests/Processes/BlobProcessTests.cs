using System.Net;
using Quorate.Contracts;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Processes;

/// <summary>A real process is killed in the middle of an upload.</summary>
public sealed class BlobProcessTests : IDisposable
{
    private const int Chunk = 1 << 20;
    private const int Sent = 12 * Chunk;
    private const int Size = (20 * Chunk) + 321;

    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-blobs-").FullName;

    [Fact]
    public async Task Upload_WhoseGatewayAndNodesAreKilled_GoesOnAtTheChunkReached()
    {
        var content = new byte[Size];
        Random.Shared.NextBytes(content);
        await using (var first = await GatewayServer.StartAsync(_directory))
        {
            using var halt = new CancellationTokenSource();
            var upload = first.Api.SendAsync(HttpMethod.Put, Routes.Blob("a"), new Halting(content, Sent, halt.Token));
            await Eventually.HoldsAsync(async () => await ReceivedAsync(first) == Sent);
            await first.KillAsync();
            await halt.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => upload);
        }

        await using var second = await GatewayServer.StartAsync(_directory);
        (await second.Api.GetAsync(Routes.Blob("a"))).Problem(HttpStatusCode.NotFound, "blob_not_found");
        Assert.Empty((await second.Api.GetAsync(Routes.Blobs)).Ok()["items"].EnumerateArray());
        var received = (int)await ReceivedAsync(second);
        Assert.Equal(Sent, received);

        var rest = new ByteArrayContent(content, received, Size - received);
        rest.Headers.TryAddWithoutValidation("Content-Range", $"bytes {received}-{Size - 1}/{Size}");
        (await second.Api.SendAsync(HttpMethod.Put, Routes.Blob("a"), rest)).Ok(HttpStatusCode.Created);

        using var http = new HttpClient { BaseAddress = second.Address };
        Assert.Equal(content, await http.GetByteArrayAsync(Routes.Blob("a")));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<long> ReceivedAsync(GatewayServer server) =>
        await server.Api.GetAsync(Routes.BlobUpload("a")) is { Status: HttpStatusCode.OK } upload ? upload["received"].GetInt64() : 0;

    /// <summary>Sends a part, and then neither goes on nor gives up.</summary>
    private sealed class Halting(byte[] content, int sent, CancellationToken halt) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(content.AsMemory(0, sent));
            await stream.FlushAsync();
            await Task.Delay(Timeout.Infinite, halt);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = content.Length;
            return true;
        }
    }
}
