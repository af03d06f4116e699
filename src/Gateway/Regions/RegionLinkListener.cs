using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Gateway.Hosting;
using Quorate.Node.Replication.Regions;
using Quorate.Node.Transport;

namespace Quorate.Gateway.Regions;

/// <summary>How the coordinator's gateway listens for the other regions.</summary>
/// <param name="Address">Port 0: one that is free.</param>
/// <param name="Secret">What both ends know. Null: none, which only loopback may do without.</param>
public sealed record RegionListenerOptions(IPEndPoint Address, string? Secret = null, TlsOptions? Tls = null);

/// <summary>
/// The coordinator's ear: a port of its own, HTTP/2 only, on which other regions hand over and ask for changes, and ask for the content of blobs. Strangers get an answer that
/// says why they get no other.
/// </summary>
public sealed partial class RegionLinkListener : IAsyncDisposable
{
    /// <summary>A batch has 4 MiB, or one document with a settlement that holds several.</summary>
    private const long MaxBodyBytes = 64 << 20;

    private const long UsualBodyBytes = 1 << 20;

    private readonly RegionCoordinator _coordinator;
    private readonly IRegionChunks? _chunks;
    private readonly string? _secret;
    private readonly WebApplication _app;
    private readonly ILogger _logger;
    private readonly X509Certificate2? _certificate;
    private long _refused;

    private RegionLinkListener(RegionListenerOptions options, RegionCoordinator coordinator, IRegionChunks? chunks, ILoggerFactory loggers)
    {
        (_coordinator, _chunks, _secret) = (coordinator, chunks, options.Secret);
        _logger = loggers.CreateLogger("Quorate.Regions.Listener");
        var tls = options.Tls is { } files ? RegionTls.ForServer(files) : default;
        _certificate = tls.Certificate;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(loggers);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Listen(options.Address, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (_certificate is { } certificate)
                {
                    listen.UseHttps(https =>
                    {
                        https.ServerCertificate = certificate;
                        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                        https.ClientCertificateValidation = (shown, _, _) => tls.IsTrusted(shown);
                    });
                }
            });
        });
        _app = builder.Build();
        foreach (var path in (string[])[RegionRoutes.Hello, RegionRoutes.Push, RegionRoutes.Pull, RegionRoutes.Copy, RegionRoutes.Chunk])
        {
            _app.MapPost(path, AnswerAsync);
        }
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://localhost");

    /// <summary>Messages that were refused before the cluster saw them: strangers, damage, links that are cut.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <param name="chunks">The content of blobs in this region; null: nobody is given any.</param>
    /// <exception cref="StartupException">The port is taken, or a TLS file cannot be used.</exception>
    public static async Task<RegionLinkListener> StartAsync(
        RegionListenerOptions options, RegionCoordinator coordinator, ILoggerFactory loggers, CancellationToken cancel, IRegionChunks? chunks = null)
    {
        try
        {
            var listener = new RegionLinkListener(options, coordinator, chunks, loggers);
            await listener._app.StartAsync(cancel);
            var address = listener._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            listener.Address = new Uri(address);
            return listener;
        }
        catch (Exception error) when (error is IOException or TransportException)
        {
            throw new StartupException($"Regions cannot be listened for at {options.Address}: {error.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate?.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var proof = http.Request.Headers[RegionFrame.ProofHeader].FirstOrDefault();
        RegionMessage answer;
        try
        {
            answer = await AnswerAsync(http.Request.Path, await ReadAsync(http), proof, http.RequestAborted);
        }
        catch (RegionLinkException error)
        {
            Interlocked.Increment(ref _refused);
            RefusedMessage(_logger, http.Request.Path, http.Connection.RemoteIpAddress, error.Code, error.Message);
            answer = new RefusedAnswer(error.Code, error.Message);
            http.Response.StatusCode = StatusOf(error.Code);
        }
        catch (Exception error) when (error is OperationCanceledException or ConnectionAbortedException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var frame = RegionFrame.Seal(answer);
        if (_secret is not null && proof is not null)
        {
            http.Response.Headers[RegionFrame.ProofHeader] = RegionFrame.ProveAnswer(_secret, proof, frame);
        }

        http.Response.ContentType = RegionFrame.ContentType;
        http.Response.ContentLength = frame.Length;
        await http.Response.Body.WriteAsync(frame, http.RequestAborted);
    }

    private async Task<RegionMessage> AnswerAsync(string path, ReadOnlyMemory<byte> frame, string? proof, CancellationToken cancel)
    {
        var question = RegionFrame.Open(frame);
        if (_secret is not null && !RegionFrame.IsProof(RegionFrame.ProveRequest(_secret, path, frame.Span), proof))
        {
            throw new RegionLinkException(RefusalCodes.WrongSecret, "The shared secret of the regions is another one here.");
        }

        return (path, question) switch
        {
            (RegionRoutes.Hello, HelloRequest hello) => await _coordinator.HelloAsync(hello, cancel),
            (RegionRoutes.Push, PushRequest push) => await _coordinator.PushAsync(push, cancel),
            (RegionRoutes.Pull, PullRequest pull) => await _coordinator.PullAsync(pull, cancel),
            (RegionRoutes.Copy, CopyRequest copy) => await _coordinator.CopyAsync(copy, cancel),
            (RegionRoutes.Chunk, ChunkRequest chunk) when _chunks is not null => await _chunks.ChunkAsync(chunk, cancel),
            _ => throw new RegionLinkException(RefusalCodes.Malformed, $"{question.GetType().Name} is nothing that {path} answers."),
        };
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http)
    {
        try
        {
            // What a stranger says of its length is believed up to what a batch usually has.
            using var body = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 0, UsualBodyBytes));
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            return body.GetBuffer().AsMemory(0, (int)body.Length);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RegionLinkException(RefusalCodes.TooLarge, $"A message may have {MaxBodyBytes} bytes.", error);
        }
    }

    private static int StatusOf(string code) => code switch
    {
        RefusalCodes.WrongSecret => StatusCodes.Status401Unauthorized,
        RefusalCodes.UnknownRegion or RefusalCodes.Cut => StatusCodes.Status403Forbidden,
        RefusalCodes.TooLarge => StatusCodes.Status413PayloadTooLarge,
        RefusalCodes.WrongChecksum or RefusalCodes.Malformed => StatusCodes.Status400BadRequest,
        RefusalCodes.CopyRequired => StatusCodes.Status410Gone,
        RefusalCodes.Unavailable or RefusalCodes.NotCoordinator => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status409Conflict,
    };

    [LoggerMessage(3210, LogLevel.Warning, "Refused {Path} from {Address} ({Code}): {Problem}")]
    private static partial void RefusedMessage(ILogger logger, string path, IPAddress? address, string code, string problem);
}
