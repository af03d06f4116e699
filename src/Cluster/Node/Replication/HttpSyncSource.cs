using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Replication;
using Quorate.Core.Replication;
using Quorate.Node.Storage;

namespace Quorate.Node.Replication;

/// <summary>Changes from a gateway's REST API.</summary>
/// <param name="gateway">Asked for with each request: an address may become known late, or change.</param>
/// <param name="follower">The id under which the gateway knows this follower.</param>
/// <param name="missingChunks">How many chunks of blobs the follower is still to fetch; null: it fetches none.</param>
public sealed class HttpSyncSource(HttpClient http, Func<Uri> gateway, string follower, Func<long>? missingChunks = null) : ISyncSource
{
    /// <summary>How long the gateway waits for a change before it answers with none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A gateway that answers nothing for so much longer is taken for gone.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private const int SnapshotPart = 1000;

    public async Task ReportAsync(long sequence, CancellationToken cancel)
    {
        using var response = await SendAsync(HttpMethod.Put, Routes.Follower(follower), new ReportFollowerRequest(sequence), cancel);
    }

    public async Task<IReadOnlyList<SyncEntry>> PullAsync(long after, int limit, CancellationToken cancel)
    {
        var query = FormattableString.Invariant(
            $"{Routes.SyncLog}?follower={Routes.Segment(follower)}&after={after}&limit={limit}&waitMs={Patience.TotalMilliseconds}{(missingChunks is null ? "" : $"&missingChunks={missingChunks()}")}");
        using var response = await SendAsync(HttpMethod.Get, query, null, cancel);
        return await GuardAsync(
            async patience =>
            {
                var batch = await response.Content.ReadFromJsonAsync<SyncBatch>(ContractJson.Options, patience.Token);
                return batch!.Entries.Select(SyncEntryReader.Of).ToList();
            },
            cancel);
    }

    public async Task<long> SnapshotAsync(Action<IReadOnlyList<SyncEntry>> load, CancellationToken cancel)
    {
        using var response = await SendAsync(HttpMethod.Get, $"{Routes.SyncSnapshot}?follower={Routes.Segment(follower)}", null, cancel);
        return await GuardAsync(
            async patience =>
            {
                using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(patience.Token));
                var header = Read<SyncSnapshotHeader>(await lines.ReadLineAsync(patience.Token));
                var (part, count) = (new List<SyncEntry>(SnapshotPart), 0L);
                while (await lines.ReadLineAsync(patience.Token) is { } line)
                {
                    // It may take as long as it likes while it goes on.
                    patience.CancelAfter(Patience + Grace);

                    // Entries have an operation; the last line is the header again.
                    if (JsonElement.Parse(line).TryGetProperty("complete", out var complete))
                    {
                        load(part);
                        return complete.GetInt64() == count
                            ? header.Sequence
                            : throw new FormatException($"the snapshot has {count} entries instead of {complete.GetInt64()}");
                    }

                    part.Add(SyncEntryReader.Of(Read<SyncEntryView>(line)));
                    count++;
                    if (part.Count == SnapshotPart)
                    {
                        load(part);
                        part = new List<SyncEntry>(SnapshotPart);
                    }
                }

                throw new FormatException("the snapshot broke off");
            },
            cancel);
    }

    private static T Read<T>(string? line) =>
        (line is null ? default : JsonSerializer.Deserialize<T>(line, ContractJson.Options)) ?? throw new FormatException("the snapshot broke off");

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(gateway(), path));
        request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: ContractJson.Options);
        var response = await GuardAsync(patience => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token), cancel);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var problem = await GuardAsync(patience => response.Content.ReadFromJsonAsync<Problem>(ContractJson.Options, patience.Token), cancel);
            throw response.StatusCode == HttpStatusCode.Gone
                ? new SnapshotRequiredException(problem?.Detail ?? "")
                : new SyncSourceException($"{gateway()} refused ({problem?.Code}): {problem?.Detail}");
        }
    }

    /// <summary>What goes wrong between here and there is the source's failure.</summary>
    /// <param name="act">Gets what ends it when nothing comes any more.</param>
    private async Task<T> GuardAsync<T>(Func<CancellationTokenSource, Task<T>> act, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience + Grace);
        try
        {
            return await act(limit);
        }
        catch (OperationCanceledException error) when (!cancel.IsCancellationRequested)
        {
            throw new SyncSourceException($"{gateway()} did not answer within {(Patience + Grace).TotalSeconds} seconds.", error);
        }
        catch (Exception error) when (error is HttpRequestException or (IOException and not StorageException))
        {
            throw new SyncSourceException($"{gateway()} cannot be reached: {error.Message}", error);
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw new SyncSourceException($"{gateway()} answered what cannot be read: {error.Message}", error);
        }
    }
}
