using Quorate.Contracts;
using Quorate.Contracts.Sessions;

namespace Quorate.Client;

public sealed partial class QuorateClient
{
    public Task<SessionView> OpenSessionAsync(OpenSessionRequest request, CancellationToken cancellation = default) =>
        PostAsync<SessionView>(Routes.Sessions, request, cancellation);

    /// <exception cref="QuorateException"><c>session_not_found</c> when it has ended; what it held is gone.</exception>
    public Task<SessionView> KeepSessionAliveAsync(string id, CancellationToken cancellation = default) =>
        PostAsync<SessionView>($"{Routes.Session(id)}/keepalive", null, cancellation);

    /// <summary>Ends a session and releases everything bound to it.</summary>
    public Task CloseSessionAsync(string id, CancellationToken cancellation = default) =>
        SendAsync(Request(HttpMethod.Delete, Routes.Session(id)), cancellation);

    /// <summary>Whether the write with this number was applied.</summary>
    public Task<SessionOutcome> GetOutcomeAsync(string id, long sequence, CancellationToken cancellation = default) =>
        GetAsync<SessionOutcome>($"{Routes.Session(id)}/outcomes/{sequence}", cancellation);
}
