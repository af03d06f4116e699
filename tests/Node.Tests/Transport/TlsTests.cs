using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quorate.Core.Raft;
using Quorate.Node.Transport;

namespace Quorate.Node.Tests.Transport;

public sealed class TlsTests : IDisposable
{
    private readonly TempDirectory _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Connect_CertificatesOfOneAuthority_CarriesMessages()
    {
        using var authority = Authority("ours");
        using var a = new TestNode("a", WithTls("a", authority));
        using var b = new TestNode("b", WithTls("b", authority));
        TestNode.Join(a, b);

        for (var i = 0; i < 1000; i++)
        {
            Assert.True(a.Send(b, i) && b.Send(a, i));
        }

        Eventually.True(() => a.Received.Count == 1000 && b.Received.Count == 1000, "all arrived");
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), b.Received.Cast<HeartbeatResponse>().Select(m => m.ReadRound));
    }

    [Fact]
    public void Dispose_PeerOverTls_IsNoticed()
    {
        using var authority = Authority("ours");
        using var a = new TestNode("a", WithTls("a", authority));
        using (var b = new TestNode("b", WithTls("b", authority)))
        {
            TestNode.Join(a, b);
        }

        Eventually.True(() => a.Disconnected.Contains(new NodeId("b")), "b is missed");
        Eventually.True(() => a.Link(new NodeId("b")) is { ConnectedSince: null, ReceivingSince: null }, "links are down");
    }

    [Fact]
    public void Connect_CertificateOfAnotherAuthority_IsRefused()
    {
        using var ours = Authority("ours");
        using var theirs = Authority("theirs");
        using var a = new TestNode("a", WithTls("a", ours));
        using var b = new TestNode("b", WithTls("b", theirs));

        AssertNeverLinked(a, b);
    }

    [Fact]
    public void Connect_WithoutTls_IsRefused()
    {
        using var ours = Authority("ours");
        using var a = new TestNode("a", WithTls("a", ours));
        using var b = new TestNode("b", TestNode.Options with { HandshakeTimeout = TimeSpan.FromMilliseconds(300) });

        AssertNeverLinked(a, b);
    }

    [Fact]
    public void Connect_CertificateOfAnotherHost_IsRefusedUnlessNamesAreNotVerified()
    {
        using var ours = Authority("ours");
        using var strict = new TestNode("a", WithTls("a", ours));
        using var elsewhere = new TestNode("b", WithTls("b", ours, IPAddress.Parse("192.0.2.1")));
        AssertRefused(strict, elsewhere);

        using var lenient = new TestNode("a", WithTls("a", ours, verifyHostName: false));
        using var alsoLenient = new TestNode("b", WithTls("b", ours, IPAddress.Parse("192.0.2.1"), verifyHostName: false));
        TestNode.Join(lenient, alsoLenient);
    }

    [Fact]
    public void Constructor_FilesThatAreNoCertificates_SaysWhich()
    {
        File.WriteAllText(_temp.Sub("junk"), "junk");
        var options = TestNode.Options with
        {
            Tls = new TlsOptions { CertificatePath = _temp.Sub("junk"), KeyPath = _temp.Sub("junk"), AuthorityPath = _temp.Sub("junk") },
        };
        var error = Assert.Throws<TransportException>(() => new TestNode("a", options));
        Assert.Contains(_temp.Sub("junk"), error.Message);
    }

    private static void AssertNeverLinked(TestNode a, TestNode b)
    {
        AssertRefused(a, b);
        AssertRefused(b, a);
        Assert.Empty(a.Received);
        Assert.Empty(b.Received);
    }

    private static void AssertRefused(TestNode from, TestNode to)
    {
        var peers = new Dictionary<NodeId, EndPoint> { [from.Id] = from.Transport.LocalEndPoint, [to.Id] = to.Transport.LocalEndPoint };
        from.Transport.UpdatePeers(peers);
        to.Transport.UpdatePeers(peers);
        Eventually.True(() => from.Link(to.Id).LastError is not null, "it is refused");
        Assert.Null(from.Link(to.Id).ConnectedSince);
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private TransportOptions WithTls(string name, X509Certificate2 authority, IPAddress? address = null, bool verifyHostName = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address ?? IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(
            authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));

        var prefix = _temp.Sub($"{name}-{Guid.NewGuid():N}");
        File.WriteAllText(prefix + ".crt", certificate.ExportCertificatePem());
        File.WriteAllText(prefix + ".key", key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(prefix + ".ca", authority.ExportCertificatePem());
        return TestNode.Options with
        {
            Tls = new TlsOptions
            {
                CertificatePath = prefix + ".crt",
                KeyPath = prefix + ".key",
                AuthorityPath = prefix + ".ca",
                VerifyHostName = verifyHostName,
            },
        };
    }
}
