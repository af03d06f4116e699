using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.State;

namespace Quorate.Client;

public sealed partial class QuorateClient
{
    /// <exception cref="QuorateException"><c>key_not_found</c> when nothing was ever put.</exception>
    public Task<SharedStateView> GetStateAsync(string topic, CancellationToken cancellation = default) =>
        GetAsync<SharedStateView>(Routes.StateOf(topic), cancellation);

    /// <summary>Writes shared state.</summary>
    /// <param name="ifVersion">Only when it still has this version; 0 only when there is none. Null writes in any case.</param>
    /// <exception cref="QuorateException"><c>revision_mismatch</c>; the problem's <c>current</c> holds the other value.</exception>
    public Task<PutStateResponse> PutStateAsync(
        string topic, JsonElement value, long? ifVersion = null, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<PutStateResponse>(Request(HttpMethod.Put, Routes.StateOf(topic), new PutStateRequest(value, ifVersion), reason), cancellation);
}
