using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Core.Clocks;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Core.StateMachine.Documents;
using Quorate.Gateway.Regions;
using Quorate.Node.Replication.Regions;
using Quorate.Node.Transport;

namespace Quorate.Gateway.Tests.Regions;

/// <summary>What passes between regions over real sockets, and what does not.</summary>
public sealed class RegionLinkTests : IAsyncDisposable
{
    private readonly MemoryRegion _eu = new("eu");
    private readonly RegionLinkGate _gate = new();
    private readonly RegionCoordinator _coordinator;
    private readonly List<RegionLinkListener> _listeners = [];
    private readonly List<IDisposable> _links = [];
    private readonly string _temp = Directory.CreateTempSubdirectory("quorate-regions").FullName;

    public RegionLinkTests() => _coordinator = new RegionCoordinator(_eu, _gate, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        _links.ForEach(link => link.Dispose());
        foreach (var listener in _listeners)
        {
            await listener.DisposeAsync();
        }

        _coordinator.Dispose();
        Directory.Delete(_temp, recursive: true);
    }

    [Fact]
    public async Task Push_AndPull_CarryChangesFromARegionToAnother()
    {
        var link = await LinkAsync();
        await link.HelloAsync(new HelloRequest("us", 1, 0), default);

        Assert.Equal(2, (await link.PushAsync(new PushRequest("us", 1, 0, [Change(1), Change(2)]), default)).Received);

        var part = Assert.Single((await link.PullAsync(Pull(waitMs: 0), default)).Origins);
        Assert.Equal([1L, 2], part.Changes.Select(change => change.Number));
        Assert.Equal("""{"n":1}"""u8.ToArray(), part.Changes[0].Version!.Value!.Value.ToArray());
    }

    [Fact]
    public async Task Pull_WithNothingToAnswer_WaitsForTheNextChange()
    {
        var link = await LinkAsync();
        await link.HelloAsync(new HelloRequest("us", 1, 0), default);
        var waiting = link.PullAsync(Pull(waitMs: 60_000), default);

        await link.PushAsync(new PushRequest("us", 1, 0, [Change(1)]), default);

        Assert.Single(Assert.Single((await waiting).Origins).Changes);
    }

    [Theory]
    [InlineData("other", "secret")]
    [InlineData(null, "secret")]
    [InlineData("secret", null)]
    public async Task Hello_WithoutTheSameSecret_IsRefusedByWhicheverEndHasOne(string? own, string? theirs)
    {
        var link = await LinkAsync(own, theirs);

        Assert.Equal(RefusalCodes.WrongSecret, await CodeOf(link.HelloAsync(new HelloRequest("us", 1, 0), default)));
    }

    [Fact]
    public async Task Hello_OverTlsWithACertificateOfTheSameAuthority_IsAnswered()
    {
        using var authority = Authority();
        var link = await LinkAsync(tls: Tls("us", authority), listenerTls: Tls("eu", authority));

        Assert.Equal(0, (await link.HelloAsync(new HelloRequest("us", 1, 0), default)).Received);
    }

    [Fact]
    public async Task Hello_OverTlsWithACertificateOfAnotherAuthority_IsRefused()
    {
        using var authority = Authority();
        using var other = Authority();
        var link = await LinkAsync(tls: Tls("us", other), listenerTls: Tls("eu", authority));

        Assert.Equal(RefusalCodes.Unavailable, await CodeOf(link.HelloAsync(new HelloRequest("us", 1, 0), default)));
    }

    [Fact]
    public async Task Post_OfDamagedBytes_IsRefusedForItsChecksumAndTheListenerGoesOn()
    {
        var link = await LinkAsync();
        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var frame = RegionFrame.Seal(new HelloRequest("us", 1, 0));
        frame[^1] ^= 1;
        using var content = new ByteArrayContent(frame);

        using var response = await http.PostAsync(new Uri(_listeners[0].Address, RegionRoutes.Hello), content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(RefusalCodes.WrongChecksum, Assert.IsType<RefusedAnswer>(RegionFrame.Open(await response.Content.ReadAsByteArrayAsync())).Code);
        Assert.Equal(1, _listeners[0].Refused);
        await link.HelloAsync(new HelloRequest("us", 1, 0), default);
    }

    [Fact]
    public async Task Push_WithAGapADuplicateOrAnUnknownRegion_IsAnsweredForWhatItIs()
    {
        var link = await LinkAsync();
        await link.HelloAsync(new HelloRequest("us", 1, 0), default);

        Assert.Equal(RefusalCodes.Gap, await CodeOf(link.PushAsync(new PushRequest("us", 1, 0, [Change(3)]), default)));
        Assert.Equal(1, (await link.PushAsync(new PushRequest("us", 1, 0, [Change(1)]), default)).Received);
        Assert.Equal(1, (await link.PushAsync(new PushRequest("us", 1, 0, [Change(1)]), default)).Received);
        Assert.Equal(RefusalCodes.UnknownRegion, await CodeOf(link.HelloAsync(new HelloRequest("mars", 1, 0), default)));
        Assert.Equal(1, _eu.Peek(state => state.Coordinator.Get("us")!.Duplicates));
    }

    [Fact]
    public async Task Push_OfWhatMayNotPass_SaysWhichAndWhyAndTakesTheRest()
    {
        var link = await LinkAsync();
        await link.HelloAsync(new HelloRequest("us", 1, 0), default);
        var future = HlcTimestamp.FromUnixMs(DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeMilliseconds());

        var answer = await link.PushAsync(
            new PushRequest("us", 1, 0, [Change(1, at: future), Change(2, value: new byte[100_001]), Change(3, region: "mars"), Change(4)]), default);

        Assert.Equal(4, answer.Received);
        Assert.Equal(
            [RefusalCodes.ClockSkew, RefusalCodes.OversizedDocument, RefusalCodes.UnregisteredClock], answer.Refusals.Select(refusal => refusal.Code));
        Assert.Equal(4, Assert.Single(Assert.Single((await link.PullAsync(Pull(waitMs: 0), default)).Origins).Changes).Number);
    }

    [Fact]
    public async Task Pull_OverACutLink_IsRefusedAndBetweenTwoOthersWithheld()
    {
        var link = await LinkAsync();
        await link.HelloAsync(new HelloRequest("us", 1, 0), default);
        await link.PushAsync(new PushRequest("us", 1, 0, [Change(1)]), default);

        _gate.Set("us", "ap", cut: true);
        Assert.True((await link.PullAsync(Pull(waitMs: 0), default)).IsEmpty);
        var waiting = link.PullAsync(Pull(waitMs: 60_000), default);
        _gate.Set("us", "ap", cut: false);
        Assert.False((await waiting).IsEmpty);

        _gate.Set("ap", "eu", cut: true);
        Assert.Equal(RefusalCodes.Cut, await CodeOf(link.PullAsync(Pull(waitMs: 0), default)));
    }

    [Fact]
    public async Task Chunk_AskedForOverTheLink_IsAnsweredOnlyToWhoKnowsTheSecret()
    {
        var chunk = new Digest(1, 2, 3, 4);
        var link = await LinkAsync(chunks: new Chunks(chunk));

        Assert.Equal(new byte[] { 1, 2, 3 }, (await link.ChunkAsync(new ChunkRequest("us", chunk), default)).Data!.Value.ToArray());
        Assert.Null((await link.ChunkAsync(new ChunkRequest("us", new Digest(9, 9, 9, 9)), default)).Data);
        var stranger = await LinkAsync("other", chunks: new Chunks(chunk));
        Assert.Equal(RefusalCodes.WrongSecret, await CodeOf(stranger.ChunkAsync(new ChunkRequest("us", chunk), default)));
    }

    private async Task<HttpRegionLink> LinkAsync(string? secret = "secret", string? listenerSecret = "secret", TlsOptions? tls = null, TlsOptions? listenerTls = null, IRegionChunks? chunks = null)
    {
        var listener = await RegionLinkListener.StartAsync(
            new RegionListenerOptions(new IPEndPoint(IPAddress.Loopback, 0), listenerSecret, listenerTls), _coordinator, NullLoggerFactory.Instance, default, chunks);
        _listeners.Add(listener);
        var link = new HttpRegionLink(new HttpRegionLinkOptions { Coordinator = () => listener.Address, Secret = secret, Tls = tls });
        _links.Add(link);
        return link;
    }

    private static async Task<string> CodeOf(Task asked) => (await Assert.ThrowsAsync<RegionLinkException>(() => asked)).Code;

    private static PullRequest Pull(int waitMs) => new("ap", [], [new("us", 0)], 100, 1 << 20, waitMs);

    private static ChangeEvent Change(long number, HlcTimestamp? at = null, byte[]? value = null, string region = "us")
    {
        var time = at ?? HlcTimestamp.FromUnixMs(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var version = new DocumentVersion(region, "1-a", 1, value ?? """{"n":1}"""u8.ToArray(), time, time, VectorClock.Of([new(region, 1)]));
        return new ChangeEvent("us", number, ChangeKind.Create, time, "c", ConflictStrategy.LastWriterWins, HlcTimestamp.Zero, $"k{number}", version);
    }

    private static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private TlsOptions Tls(string name, X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(
            authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        var prefix = Path.Combine(_temp, $"{name}-{Guid.NewGuid():N}");
        File.WriteAllText(prefix + ".crt", certificate.ExportCertificatePem());
        File.WriteAllText(prefix + ".key", key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(prefix + ".ca", authority.ExportCertificatePem());
        return new TlsOptions { CertificatePath = prefix + ".crt", KeyPath = prefix + ".key", AuthorityPath = prefix + ".ca" };
    }

    private sealed class Chunks(Digest chunk) : IRegionChunks
    {
        public Task<ChunkAnswer> ChunkAsync(ChunkRequest request, CancellationToken cancel) =>
            Task.FromResult(new ChunkAnswer(request.Chunk == chunk ? new byte[] { 1, 2, 3 } : (ReadOnlyMemory<byte>?)null));
    }
}
