using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Replication;
using Quorate.Core.Replication;

namespace Quorate.Node.Replication;

/// <summary>Changes from a gateway's REST API.</summary>
/// <param name="gateway">Asked for with each request: an address may become known late, or change.</param>
/// <param name="follower">The id under which the gateway knows this follower.</param>
public sealed class HttpSyncSource(HttpClient http, Func<Uri> gateway, string follower) : ISyncSource
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
            $"{Routes.SyncLog}?follower={Routes.Segment(follower)}&after={after}&limit={limit}&waitMs={Patience.TotalMilliseconds}");
        using var response = await SendAsync(HttpMethod.Get, query, null, cancel);
        return await GuardAsync(async () =>
        {
            var batch = await response.Content.ReadFromJsonAsync<SyncBatch>(ContractJson.Options, cancel);
            return batch!.Entries.Select(SyncEntryReader.Of).ToList();
        });
    }

    public async Task<long> SnapshotAsync(Action<IReadOnlyList<SyncEntry>> load, CancellationToken cancel)
    {
        using var response = await SendAsync(HttpMethod.Get, $"{Routes.SyncSnapshot}?follower={Routes.Segment(follower)}", null, cancel);
        return await GuardAsync(async () =>
        {
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
            var header = Read<SyncSnapshotHeader>(await lines.ReadLineAsync(cancel));
            var (part, count) = (new List<SyncEntry>(SnapshotPart), 0L);
            while (await lines.ReadLineAsync(cancel) is { } line)
            {
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
        });
    }

    private static T Read<T>(string? line) =>
        (line is null ? default : JsonSerializer.Deserialize<T>(line, ContractJson.Options)) ?? throw new FormatException("the snapshot broke off");

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(gateway(), path));
        request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: ContractJson.Options);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(Patience + Grace);
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new SyncSourceException($"{gateway()} did not answer within {(Patience + Grace).TotalSeconds} seconds.");
        }
        catch (HttpRequestException error)
        {
            throw new SyncSourceException($"{gateway()} cannot be reached: {error.Message}", error);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var problem = await GuardAsync(() => response.Content.ReadFromJsonAsync<Problem>(ContractJson.Options, cancel));
            throw response.StatusCode == HttpStatusCode.Gone
                ? new SnapshotRequiredException(problem?.Detail ?? "")
                : new SyncSourceException($"{gateway()} refused ({problem?.Code}): {problem?.Detail}");
        }
    }

    /// <summary>What can go wrong while an answer is read is the source's failure.</summary>
    private async Task<T> GuardAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException or FormatException)
        {
            throw new SyncSourceException($"{gateway()} broke off, or answered what cannot be read: {error.Message}", error);
        }
    }
}
