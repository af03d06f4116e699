using Quorate.Contracts.Blobs;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Gateway.Endpoints;
using Quorate.Gateway.Problems;
using Quorate.Gateway.Regions;
using Quorate.Gateway.Replication;
using Quorate.Node.Access;

namespace Quorate.Gateway.Blobs;

/// <summary>What a PUT of a blob came to; exactly one is set.</summary>
internal readonly record struct ReceptionOutcome(PutBlobResponse? Committed, BlobUploadView? Continued, ProblemResult? Problem);

/// <summary>Carries out a PUT of a blob: a part of an upload, or the whole.</summary>
internal sealed class BlobReceiver(Region region, ChunkReplicas replicas, ChunkBuffers buffers, BlobTransfers transfers, SyncMonitor monitor)
{
    private readonly ClusterClient _cluster = region.Cluster;

    public async Task<ReceptionOutcome> ReceiveAsync(string id, UploadRequest request, Stream body, WriteOptions options, CancellationToken cancel)
    {
        var upload = request.Offset == 0 ? null : await _cluster.ReadAsync(state => state.Blobs.GetUpload(id), cancel);
        if (request.Offset > 0 && Refuse(request, upload) is { } problem)
        {
            monitor.Refused();
            return new(null, null, problem);
        }

        using var transfer = transfers.Begin(region.Id, id, BlobTransferKinds.Upload, request.Total);
        transfer.Resume(request.Offset);
        using var reception = new Reception(id, request, upload, _cluster, replicas, buffers, transfer);
        try
        {
            if (request.IsLast)
            {
                await reception.CatchUpAsync(cancel);
            }

            await reception.ReceiveAsync(body, cancel);
            await reception.SettleAsync();
            return await FinishAsync(id, request, reception, options, cancel);
        }
        catch (UploadRefusedException refused)
        {
            await reception.SalvageAsync();
            monitor.Refused();
            return new(null, null, ClusterProblems.Of(refused.Result));
        }
        catch
        {
            await reception.SalvageAsync();
            throw;
        }
    }

    private static ProblemResult? Refuse(UploadRequest request, BlobUpload? upload) =>
        upload is null ? BlobProblems.Of(new BlobResult.UploadUnknown())
        : upload.Received != request.Offset || (request.Total ?? upload.Size) != (upload.Size ?? request.Total) ? BlobProblems.Mismatch(upload.Received)
        : null;

    private async Task<ReceptionOutcome> FinishAsync(string id, UploadRequest request, Reception reception, WriteOptions options, CancellationToken cancel)
    {
        // The digest of a part speaks for the part; that of a request with everything in it for the whole.
        if (request.Expected.Request is { } part && reception.Part() is { } actual && actual != part.Digest)
        {
            monitor.Refused();
            return new(null, null, BlobProblems.WrongChecksum(part.Header, actual.ToString()));
        }

        if (!request.IsLast)
        {
            await reception.RecordAsync();
            var upload = _cluster.Peek(state => state.Blobs.GetUpload(id));
            return upload is null ? new(null, null, BlobProblems.Of(new BlobResult.UploadUnknown())) : new(null, BlobViews.Of(upload), null);
        }

        var whole = reception.Whole();
        var expected = request.Expected.Whole ?? (request.IsPart ? null : request.Expected.Request);
        if (expected is { } said && said.Digest != whole)
        {
            monitor.Refused();
            await AbortAsync(id, reception);
            return new(null, null, BlobProblems.WrongChecksum(said.Header, whole.ToString()));
        }

        var chunks = BlobLimits.ChunksOf(reception.Size);
        return await CommitAsync(id, request, reception, whole, options, cancel) is var result && result is BlobResult.Written written
            ? new(new PutBlobResponse(id, reception.Size, whole.ToString(), chunks, written.Index, written.Created), null, null)
            : new(null, null, ClusterProblems.Of(result));
    }

    private async Task<CommandResult> CommitAsync(
        string id, UploadRequest request, Reception reception, Digest whole, WriteOptions options, CancellationToken cancel)
    {
        if (reception.Number is not { } number)
        {
            var put = new BlobPut(id, reception.Size, whole, ChunkList.Of(reception.Unrecorded), request.ContentType);
            return await _cluster.ExecuteAsync(put, options, cancel);
        }

        await reception.RecordAsync();
        return await _cluster.ExecuteAsync(new BlobUploadCommit(id, number, reception.Size, whole), options, cancel);
    }

    private async Task AbortAsync(string id, Reception reception)
    {
        if (reception.Number is { } number)
        {
            await _cluster.ExecuteAsync(new BlobUploadAbort(id, number), WriteOptions.None, CancellationToken.None);
        }
    }
}
