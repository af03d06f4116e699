using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Replication;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Blobs;

namespace Quorate.Node.Replication;

/// <summary>Chunks from a gateway's REST API.</summary>
/// <param name="gateway">Asked for with each request: an address may become known late, or change.</param>
public sealed class HttpChunkSource(HttpClient http, Func<Uri> gateway) : IChunkSource
{
    /// <summary>A gateway that answers nothing for so long is taken for gone.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Chunks in one question.</summary>
    private const int MaxAsked = 1000;

    public string Name => gateway().Authority;

    public async Task<bool[]> HasAsync(IReadOnlyList<Digest> chunks, CancellationToken cancel)
    {
        var present = new List<bool>(chunks.Count);
        foreach (var part in chunks.Chunk(MaxAsked))
        {
            present.AddRange(await AskAsync(
                async limit =>
                {
                    using var response = await http.PostAsJsonAsync(
                        new Uri(gateway(), Routes.HasChunks), new HasChunksRequest([.. part.Select(chunk => chunk.ToString())]), ContractJson.Options, limit);
                    response.EnsureSuccessStatusCode();
                    return (await response.Content.ReadFromJsonAsync<HasChunksResponse>(ContractJson.Options, limit))!.Present;
                },
                cancel));
        }

        return [.. present];
    }

    public Task<int?> FetchAsync(Digest chunk, Memory<byte> buffer, CancellationToken cancel) => AskAsync(
        async limit =>
        {
            using var response = await http.GetAsync(new Uri(gateway(), $"{Routes.Chunks}/{chunk}"), HttpCompletionOption.ResponseHeadersRead, limit);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }

            response.EnsureSuccessStatusCode();
            await using var content = await response.Content.ReadAsStreamAsync(limit);
            var length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, limit);
            return ChunkStore.DigestOf(buffer.Span[..length]) == chunk ? length : (int?)null;
        },
        cancel);

    /// <summary>What goes wrong between here and there is the source's failure.</summary>
    private async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            return await ask(limit.Token);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException
            || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new ChunkSourceException($"no chunks from {gateway()}: {error.Message}", error);
        }
    }
}
