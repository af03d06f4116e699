using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Node.Transport;

namespace Quorate.Node.Replication.Regions;

/// <summary>A link to the coordinator, or to the content of another region, over HTTP/2: one connection, on which a question that waits holds up no other.</summary>
public sealed class HttpRegionLink : IRegionLink, IRegionChunks, IDisposable
{
    /// <summary>An answer that is longer is none: a batch has its bound, and one document too.</summary>
    private const long MaxAnswerBytes = 64 << 20;

    private readonly HttpRegionLinkOptions _options;
    private readonly HttpClient _http;

    /// <exception cref="TransportException">A TLS file cannot be read.</exception>
    public HttpRegionLink(HttpRegionLinkOptions options)
    {
        _options = options;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            KeepAlivePingDelay = TimeSpan.FromSeconds(5),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            UseProxy = false,
        };
        if (options.Tls is { } tls)
        {
            handler.SslOptions = RegionTls.ForClient(tls);
        }

        _http = new HttpClient(handler)
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
    }

    public Task<HelloAnswer> HelloAsync(HelloRequest request, CancellationToken cancel) =>
        AskAsync<HelloAnswer>(RegionRoutes.Hello, request, TimeSpan.Zero, cancel);

    public Task<PushAnswer> PushAsync(PushRequest request, CancellationToken cancel) =>
        AskAsync<PushAnswer>(RegionRoutes.Push, request, TimeSpan.Zero, cancel);

    public Task<PullAnswer> PullAsync(PullRequest request, CancellationToken cancel) =>
        AskAsync<PullAnswer>(RegionRoutes.Pull, request, TimeSpan.FromMilliseconds(request.WaitMs), cancel);

    public Task<CopyAnswer> CopyAsync(CopyRequest request, CancellationToken cancel) =>
        AskAsync<CopyAnswer>(RegionRoutes.Copy, request, TimeSpan.Zero, cancel);

    public Task<ChunkAnswer> ChunkAsync(ChunkRequest request, CancellationToken cancel) =>
        AskAsync<ChunkAnswer>(RegionRoutes.Chunk, request, TimeSpan.Zero, cancel);

    public void Dispose() => _http.Dispose();

    private async Task<T> AskAsync<T>(string path, RegionMessage question, TimeSpan wait, CancellationToken cancel)
        where T : RegionMessage
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(wait + _options.Patience);
        var coordinator = _options.Coordinator();
        try
        {
            return await AskAsync(new Uri(coordinator, path), RegionFrame.Seal(question), limit.Token).ConfigureAwait(false) switch
            {
                T answer => answer,
                RefusedAnswer refused => throw new RegionLinkException(refused.Code, refused.Detail),
                var other => throw new RegionLinkException(RefusalCodes.Malformed, $"{coordinator} answered with {other.GetType().Name}."),
            };
        }
        catch (OperationCanceledException error) when (!cancel.IsCancellationRequested)
        {
            throw new RegionLinkException(RefusalCodes.Unavailable, $"{coordinator} does not answer.", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new RegionLinkException(RefusalCodes.Unavailable, $"{coordinator} cannot be reached: {error.Message}", error);
        }
    }

    private async Task<RegionMessage> AskAsync(Uri address, byte[] frame, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame) { Headers = { ContentType = new MediaTypeHeaderValue(RegionFrame.ContentType) } },
        };
        var proof = _options.Secret is { } secret ? RegionFrame.ProveRequest(secret, address.AbsolutePath, frame) : null;
        if (proof is not null)
        {
            request.Headers.Add(RegionFrame.ProofHeader, proof);
        }

        using var response = await _http.SendAsync(request, cancel).ConfigureAwait(false);
        if (response.Content.Headers.ContentType?.MediaType != RegionFrame.ContentType)
        {
            throw new RegionLinkException(RefusalCodes.Unavailable, $"{address} answered {(int)response.StatusCode}: that is no listener for regions.");
        }

        var body = await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
        var answer = RegionFrame.Open(body);
        CheckAnswer(address, answer, body, proof, response);
        return answer;
    }

    private void CheckAnswer(Uri address, RegionMessage answer, byte[] body, string? proof, HttpResponseMessage response)
    {
        // Somebody who knows the secret would not have refused for it; what such an answer says is believed anyhow.
        if (_options.Secret is not { } secret || answer is RefusedAnswer { Code: RefusalCodes.WrongSecret })
        {
            return;
        }

        var given = response.Headers.TryGetValues(RegionFrame.ProofHeader, out var values) ? values.FirstOrDefault() : null;
        if (!RegionFrame.IsProof(RegionFrame.ProveAnswer(secret, proof!, body), given))
        {
            throw new RegionLinkException(RefusalCodes.WrongSecret, $"{address} does not know the shared secret of the regions.");
        }
    }
}

/// <summary>TLS on both ends of a link between regions: each shows a certificate that the same authority signed.</summary>
public static class RegionTls
{
    /// <exception cref="TransportException">A file cannot be read or is not what it should be.</exception>
    public static SslClientAuthenticationOptions ForClient(TlsOptions options)
    {
        var (certificate, authority) = Load(options);
        return new SslClientAuthenticationOptions
        {
            ClientCertificates = [certificate],
            RemoteCertificateValidationCallback = (_, shown, _, errors) =>
                IsTrusted(shown as X509Certificate2, authority) && !(options.VerifyHostName && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)),
        };
    }

    /// <exception cref="TransportException">A file cannot be read or is not what it should be.</exception>
    public static (X509Certificate2 Certificate, Func<X509Certificate2?, bool> IsTrusted) ForServer(TlsOptions options)
    {
        var (certificate, authority) = Load(options);
        return (certificate, shown => IsTrusted(shown, authority));
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Authority) Load(TlsOptions options)
    {
        try
        {
            var authority = new X509Certificate2Collection();
            authority.ImportFromPemFile(options.AuthorityPath);
            return (X509Certificate2.CreateFromPemFile(options.CertificatePath, options.KeyPath), authority);
        }
        catch (Exception error) when (error is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new TransportException(
                $"cannot load the TLS files {options.CertificatePath}, {options.KeyPath}, {options.AuthorityPath}: {error.Message}", error);
        }
    }

    private static bool IsTrusted(X509Certificate2? shown, X509Certificate2Collection authority)
    {
        if (shown is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(shown);
    }
}
