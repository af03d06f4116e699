using System.Security.Cryptography;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Access;

namespace Quorate.Gateway.Blobs;

/// <summary>
/// Takes the body of one request in, chunk by chunk, while the chunks before are still being stored:
/// <code>
///   body ──▶ buffer ──▶ hash of the whole
///               └─────▶ digest ──▶ nodes ── durable on a majority, in order ──▶ entry of the log: the upload got further
/// </code>
/// Only one such entry is under way at a time, and it takes along what became durable meanwhile. What is in the log an interrupted upload
/// goes on from, at whichever gateway.
/// </summary>
/// <param name="upload">The upload that it continues; null for a new one.</param>
internal sealed class Reception(
    string id, UploadRequest request, BlobUpload? upload, ClusterClient cluster, ChunkReplicas replicas, ChunkBuffers buffers, BlobTransfers.Transfer transfer) : IDisposable
{
    /// <summary>Chunks of one upload that are being stored at once.</summary>
    private const int Depth = 4;

    /// <summary>Nodes delete what nobody names after a while (<see cref="Node.Blobs.BlobOptions.CollectAfter"/>): what waited so long is asked for again first.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(2);

    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash? _part = request is { IsPart: true, Expected.Request: not null } ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    private readonly Queue<(Task<Digest> Stored, bool IsExtra)> _underWay = new();
    private readonly List<Digest> _durable = [];
    private Task _recording = Task.CompletedTask;
    private long _durableSince;
    private bool _ownInUse;
    private bool _broken;
    private int _recorded = upload?.Chunks.Count ?? 0;

    /// <summary>The upload in the replicated state; null while there is none, and for a blob of one chunk for ever.</summary>
    public long? Number { get; private set; } = upload?.Number;

    /// <summary>Bytes of the blob so far.</summary>
    public long Size { get; private set; } = request.Offset;

    /// <summary>Chunks of the blob that are durable and not recorded.</summary>
    public IReadOnlyList<Digest> Unrecorded => _durable;

    public void Dispose()
    {
        _whole.Dispose();
        _part?.Dispose();
    }

    public Digest Whole() => Digest.Read(_whole.GetCurrentHash());

    /// <summary>Of the bytes of this request, when somebody wants to know.</summary>
    public Digest? Part() => _part is null ? null : Digest.Read(_part.GetCurrentHash());

    /// <summary>Reads back what was received before, whose hash the whole one begins with.</summary>
    /// <exception cref="NoQuorumException">A chunk cannot be had from any node.</exception>
    public async Task CatchUpAsync(CancellationToken cancel)
    {
        var buffer = buffers.Rent();
        try
        {
            foreach (var chunk in upload?.Chunks.All() ?? [])
            {
                var length = await replicas.FetchAsync(chunk, buffer.Whole, cancel) ?? throw new NoQuorumException(mayHaveHappened: false);
                _whole.AppendData(buffer.Whole.Span[..length]);
            }
        }
        finally
        {
            buffer.Release();
        }
    }

    /// <summary>Reads the body to its end.</summary>
    /// <exception cref="UploadRefusedException">The replicated state refused.</exception>
    public async Task ReceiveAsync(Stream body, CancellationToken cancel)
    {
        if (request.IsPart || request.Total > BlobLimits.ChunkBytes)
        {
            await StartAsync();
        }

        var read = BlobLimits.ChunkBytes;
        while (read == BlobLimits.ChunkBytes)
        {
            var isExtra = await MakeRoomAsync();
            var buffer = buffers.Rent();
            try
            {
                read = buffer.Length = await ReadAsync(body, buffer.Whole, cancel);
            }
            catch
            {
                buffer.Release();
                GiveUp(isExtra);
                throw;
            }

            _part?.AppendData(buffer.Content.Span);
            if (read == 0 || (read < BlobLimits.ChunkBytes && !request.IsLast))
            {
                // Less than a chunk in the middle of a blob cannot be kept: the next request brings it again.
                buffer.Release();
                GiveUp(isExtra);
                return;
            }

            await TakeAsync(buffer, isExtra);
        }
    }

    /// <summary>Waits until everything that was read is durable.</summary>
    public async Task SettleAsync()
    {
        while (_underWay.Count > 0)
        {
            await SettleFirstAsync();
        }

        await _recording;
    }

    /// <summary>Writes down how far the upload got.</summary>
    /// <exception cref="UploadRefusedException">The replicated state refused.</exception>
    public async Task RecordAsync()
    {
        await _recording;
        if (_durable.Count > 0)
        {
            await StartAsync();
            await RecordDurableAsync();
        }
    }

    /// <summary>The client is gone: keeps what came of it.</summary>
    public async Task SalvageAsync()
    {
        while (_underWay.Count > 0)
        {
            try
            {
                await SettleFirstAsync();
            }
            catch (ClusterUnavailableException)
            {
                // What came before it is kept.
            }
        }

        try
        {
            await _recording;
            if (Number is not null && _part is null)
            {
                await RecordAsync();
            }
        }
        catch (Exception error) when (error is ClusterUnavailableException or UploadRefusedException)
        {
            // Then it goes on from where it was recorded last.
        }
    }

    private async Task TakeAsync(ChunkBuffer buffer, bool isExtra)
    {
        Size += buffer.Length;
        if (Size > BlobLimits.MaxBytes)
        {
            buffer.Release();
            GiveUp(isExtra);
            throw UploadRequest.TooLarge();
        }

        buffer.Share();
        _underWay.Enqueue((Task.Run(() => StoreAsync(buffer)), isExtra));
        _whole.AppendData(buffer.Content.Span);
        buffer.Release();
        transfer.Move(buffer.Length);
        await SettleStoredAsync();

        // Without a Content-Length the second chunk tells that it is more than one.
        if (Number is null && Size > BlobLimits.ChunkBytes)
        {
            await StartAsync();
        }

        await RecordProgressAsync();
    }

    /// <summary>Reads the next chunk. A client that pauses meanwhile still finds everything recorded that became durable.</summary>
    private async Task<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancel)
    {
        var reading = body.ReadAtLeastAsync(buffer, BlobLimits.ChunkBytes, throwOnEndOfStream: false, cancel).AsTask();

        // Nothing may be thrown before the stream lets go of the buffer: what failed is found once the chunk has been read.
        while (!reading.IsCompleted && NextStep() is { } step)
        {
            await Task.WhenAny(reading, step);
            if (step.IsCompletedSuccessfully)
            {
                await SettleStoredAsync();
                await RecordProgressAsync();
            }
            else if (step.IsCompleted)
            {
                break;
            }
        }

        return await reading;
    }

    /// <returns>What has to end before more can be recorded; null when everything is.</returns>
    private Task? NextStep() =>
        !_recording.IsCompletedSuccessfully ? _recording
        : _underWay.TryPeek(out var first) ? first.Stored
        : null;

    private async Task SettleStoredAsync()
    {
        while (_underWay.TryPeek(out var first) && first.Stored.IsCompletedSuccessfully)
        {
            await SettleFirstAsync();
        }
    }

    private async Task RecordProgressAsync()
    {
        // Bytes with a digest of their own count only when all of them have come and match.
        if (Number is not null && _durable.Count > 0 && _recording.IsCompleted && _part is null)
        {
            await _recording;
            _recording = RecordDurableAsync();
        }
    }

    private async Task<Digest> StoreAsync(ChunkBuffer buffer)
    {
        try
        {
            var chunk = Node.Blobs.ChunkStore.DigestOf(buffer.Content.Span);
            await replicas.StoreAsync(chunk, buffer);
            return chunk;
        }
        finally
        {
            buffer.Release();
        }
    }

    /// <returns>Whether the buffer that may be taken is one beyond the transfer's own.</returns>
    private async Task<bool> MakeRoomAsync()
    {
        while (true)
        {
            if (!_ownInUse)
            {
                _ownInUse = true;
                return false;
            }

            if (_underWay.Count < Depth && buffers.TryTakeExtra())
            {
                return true;
            }

            await SettleFirstAsync();
        }
    }

    private async Task SettleFirstAsync()
    {
        var (stored, isExtra) = _underWay.Dequeue();
        try
        {
            var chunk = await stored;

            // What comes behind a chunk that is lost is no beginning of the blob any more.
            if (!_broken)
            {
                _durableSince = _durable.Count == 0 ? Environment.TickCount64 : _durableSince;
                _durable.Add(chunk);
            }
        }
        catch
        {
            _broken = true;
            throw;
        }
        finally
        {
            GiveUp(isExtra);
        }
    }

    private void GiveUp(bool isExtra)
    {
        if (isExtra)
        {
            buffers.ReturnExtra();
        }
        else
        {
            _ownInUse = false;
        }
    }

    private async Task StartAsync()
    {
        if (Number is null)
        {
            var result = await cluster.ExecuteAsync(new BlobUploadStart(id, request.Total, request.ContentType), WriteOptions.None, CancellationToken.None);
            Number = result is BlobResult.UploadStarted started ? started.Number : throw new UploadRefusedException(result);
        }
    }

    private async Task RecordDurableAsync()
    {
        var (chunks, first) = (ChunkList.Of(_durable), _recorded);
        var isFresh = Environment.TickCount64 - _durableSince < Fresh.TotalMilliseconds;
        _recorded += chunks.Count;
        _durable.Clear();
        if (!isFresh)
        {
            await replicas.KeepAsync([.. chunks.All()]);
        }

        var result = await cluster.ExecuteAsync(new BlobUploadAdvance(id, Number!.Value, first, chunks), WriteOptions.None, CancellationToken.None);
        if (result is not BlobResult.UploadAt)
        {
            throw new UploadRefusedException(result);
        }
    }
}

/// <summary>The replicated state refused a step of an upload.</summary>
internal sealed class UploadRefusedException(CommandResult result) : Exception
{
    public CommandResult Result => result;
}
