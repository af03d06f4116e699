using Quorate.Contracts;
using Quorate.Contracts.Queues;

namespace Quorate.Client;

public sealed partial class QuorateClient
{
    public Task<Page<QueueView>> ListQueuesAsync(string? prefix = null, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        GetAsync<Page<QueueView>>(WithQuery(Routes.Queues, ("prefix", prefix), ("limit", limit?.ToString()), ("cursor", cursor)), cancellation);

    /// <exception cref="QuorateException"><c>queue_not_found</c>.</exception>
    public Task<QueueView> GetQueueAsync(string name, CancellationToken cancellation = default) =>
        GetAsync<QueueView>(Routes.Queue(name), cancellation);

    /// <summary>The last five minutes, second by second.</summary>
    public Task<QueueHistory> GetQueueHistoryAsync(string name, CancellationToken cancellation = default) =>
        GetAsync<QueueHistory>($"{Routes.Queue(name)}/history", cancellation);

    /// <summary>Creates a queue, or changes how it behaves.</summary>
    public Task<PutQueueResponse> PutQueueAsync(
        string name, QueueConfiguration configuration, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<PutQueueResponse>(Request(HttpMethod.Put, Routes.Queue(name), configuration, reason), cancellation);

    public Task<DeleteQueueResponse> DeleteQueueAsync(string name, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<DeleteQueueResponse>(Request(HttpMethod.Delete, Routes.Queue(name), reason: reason), cancellation);

    /// <exception cref="QuorateException"><c>queue_full</c> when the queue rejects what does not fit; nothing was enqueued.</exception>
    public Task<EnqueueResponse> EnqueueAsync(
        string name, IReadOnlyList<NewQueueMessage> messages, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<EnqueueResponse>(Request(HttpMethod.Post, $"{Routes.Queue(name)}/messages", new EnqueueRequest(messages), reason), cancellation);

    /// <param name="state">One of <see cref="MessageStates"/>.</param>
    public Task<Page<QueueMessageView>> BrowseQueueAsync(
        string name, string state, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        GetAsync<Page<QueueMessageView>>(
            WithQuery($"{Routes.Queue(name)}/messages", ("state", state), ("limit", limit?.ToString()), ("cursor", cursor)), cancellation);

    /// <summary>Takes messages, waiting for the first at most <see cref="DequeueRequest.WaitMs"/>.</summary>
    public Task<DequeueResponse> DequeueAsync(string name, DequeueRequest request, CancellationToken cancellation = default) =>
        PostAsync<DequeueResponse>($"{Routes.Queue(name)}/dequeue", request, cancellation);

    /// <exception cref="QuorateException"><c>stale_receipt</c> when every receipt was void.</exception>
    public Task<SettleResponse> AckAsync(string name, IReadOnlyList<string> receipts, CancellationToken cancellation = default) =>
        PostAsync<SettleResponse>($"{Routes.Queue(name)}/ack", new AckRequest(receipts), cancellation);

    /// <exception cref="QuorateException"><c>stale_receipt</c> when every receipt was void.</exception>
    public Task<SettleResponse> NackAsync(string name, NackRequest request, CancellationToken cancellation = default) =>
        PostAsync<SettleResponse>($"{Routes.Queue(name)}/nack", request, cancellation);

    /// <exception cref="QuorateException"><c>stale_receipt</c> when every receipt was void.</exception>
    public Task<ExtendResponse> ExtendAsync(string name, ExtendRequest request, CancellationToken cancellation = default) =>
        PostAsync<ExtendResponse>($"{Routes.Queue(name)}/extend", request, cancellation);

    /// <summary>Removes messages for good.</summary>
    public Task<PurgeResponse> PurgeQueueAsync(string name, PurgeRequest request, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<PurgeResponse>(Request(HttpMethod.Post, $"{Routes.Queue(name)}/purge", request, reason), cancellation);

    /// <summary>Makes dead messages ready again.</summary>
    public Task<MoveResponse> RedriveQueueAsync(string name, RedriveRequest request, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<MoveResponse>(Request(HttpMethod.Post, $"{Routes.Queue(name)}/redrive", request, reason), cancellation);

    /// <summary>Makes delayed or in-flight messages ready now.</summary>
    public Task<MoveResponse> RequeueAsync(string name, RequeueRequest request, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<MoveResponse>(Request(HttpMethod.Post, $"{Routes.Queue(name)}/requeue", request, reason), cancellation);
}
