using System.Security.Cryptography;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Access;
using Quorate.Node.Blobs;

namespace Quorate.Gateway.Blobs;

/// <summary>
/// Fetches the content of one blob of another region, from where it got to:
/// <code>
///   region that has it ──▶ chunk, checked ──▶ nodes here, durable on a majority ──▶ entry of the log: so many are here
///                                └──▶ hash of the whole, checked before the last entry makes the blob visible
/// </code>
/// While one entry is under way the next chunks come.
/// </summary>
/// <param name="fetch">Gets a chunk from another region, given the one that wrote the blob.</param>
internal sealed class BlobFetch(
    BlobArrival arrival,
    RegionBlobs blobs,
    ChunkBuffers buffers,
    BlobTransfers.Transfer transfer,
    Func<Digest, string, CancellationToken, Task<ReadOnlyMemory<byte>>> fetch) : IDisposable
{
    /// <summary>Chunks fetched at once, as long as there is memory for them.</summary>
    private const int Depth = 4;

    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ChunkList _chunks = arrival.Content.Chunks;

    // Of the chunks from where it got to: whether a majority has them already, from another blob or an earlier try.
    private bool[] _here = [];

    public void Dispose() => _whole.Dispose();

    /// <param name="mayGoOn">Asked now and then.</param>
    /// <exception cref="ChunkSourceException">A chunk cannot be had now.</exception>
    /// <exception cref="ClusterUnavailableException">The chunks cannot be kept, or written down, now.</exception>
    /// <exception cref="BlobDamagedException">The chunks do not make the blob.</exception>
    public async Task RunAsync(Func<bool> mayGoOn, CancellationToken cancel)
    {
        transfer.Resume(arrival.Received);
        await ReadBackAsync(cancel);
        _here = await blobs.Replicas.AreDurableAsync([.. _chunks.All().Skip(arrival.Held)]);
        var recording = Task.FromResult(true);
        for (var held = arrival.Held; held < _chunks.Count;)
        {
            var count = 1;
            try
            {
                while (count < Math.Min(Depth, _chunks.Count - held) && buffers.TryTakeExtra())
                {
                    count++;
                }

                await GetAsync(held, count, cancel);
            }
            catch
            {
                // What came before is written down all the same.
                await ((Task)recording).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }
            finally
            {
                for (var i = 1; i < count; i++)
                {
                    buffers.ReturnExtra();
                }
            }

            if (held + count == _chunks.Count && Digest.Read(_whole.GetCurrentHash()) != arrival.Content.Sha256)
            {
                throw new BlobDamagedException($"its chunks do not have the SHA-256 {arrival.Content.Sha256} together");
            }

            if (!await recording || !mayGoOn())
            {
                return;
            }

            recording = RecordAsync(held, count, cancel);
            held += count;
        }

        await recording;
    }

    /// <summary>The hash of the whole begins with what came before an interruption.</summary>
    private async Task ReadBackAsync(CancellationToken cancel)
    {
        var buffer = buffers.Rent();
        try
        {
            foreach (var chunk in _chunks.All().Take(arrival.Held))
            {
                var length = await blobs.Replicas.FetchAsync(chunk, buffer.Whole, cancel) ?? throw new NoQuorumException(mayHaveHappened: false);
                _whole.AppendData(buffer.Whole.Span[..length]);
            }
        }
        finally
        {
            buffer.Release();
        }
    }

    private async Task GetAsync(int first, int count, CancellationToken cancel)
    {
        var coming = Enumerable.Range(first, count).Select(place => GetAsync(_chunks[place], _here[place - arrival.Held], cancel)).ToList();
        try
        {
            foreach (var chunk in coming)
            {
                var buffer = await chunk;
                _whole.AppendData(buffer.Content.Span);
                transfer.Move(buffer.Length);
            }
        }
        finally
        {
            await ((Task)Task.WhenAll(coming)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            coming.Where(chunk => chunk.IsCompletedSuccessfully).ToList().ForEach(chunk => chunk.Result.Release());
        }
    }

    /// <returns>The chunk, which is durable on a majority.</returns>
    private async Task<ChunkBuffer> GetAsync(Digest chunk, bool isHere, CancellationToken cancel)
    {
        var buffer = buffers.Rent();
        try
        {
            if (isHere && await blobs.Replicas.FetchAsync(chunk, buffer.Whole, cancel) is { } length)
            {
                buffer.Length = length;
                return buffer;
            }

            var data = await fetch(chunk, arrival.Region, cancel);
            data.CopyTo(buffer.Whole);
            buffer.Length = data.Length;
            await blobs.Replicas.StoreAsync(chunk, buffer);
            return buffer;
        }
        catch
        {
            buffer.Release();
            throw;
        }
    }

    /// <returns>False: it arrives no more, because another version came, or somebody else has fetched it.</returns>
    private async Task<bool> RecordAsync(int first, int count, CancellationToken cancel) =>
        await blobs.Region.Cluster.ExecuteAsync(new BlobArrive(arrival.Id, arrival.Number, first, count), WriteOptions.None, cancel) is BlobResult.UploadAt;
}

/// <summary>Every chunk of a blob is right, and together they are not what they should be: whoever wrote it said so wrongly.</summary>
internal sealed class BlobDamagedException(string message) : Exception(message);
