using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Quorate.Node.Transport;

/// <summary>Wraps connections in TLS as <see cref="TlsOptions"/> says; loads the files once.</summary>
internal sealed class TlsStreams : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _authority = [];
    private readonly bool _verifyHostName;

    /// <exception cref="TransportException">A file cannot be read or is not what it should be.</exception>
    public TlsStreams(TlsOptions options)
    {
        _verifyHostName = options.VerifyHostName;
        try
        {
            _certificate = X509Certificate2.CreateFromPemFile(options.CertificatePath, options.KeyPath);
            _authority.ImportFromPemFile(options.AuthorityPath);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new TransportException($"cannot load the TLS files {options.CertificatePath}, {options.KeyPath}, {options.AuthorityPath}: {e.Message}", e);
        }
    }

    public SslStream Dial(Stream inner, EndPoint address)
    {
        var stream = new SslStream(inner);
        try
        {
            stream.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = address is DnsEndPoint dns ? dns.Host : ((IPEndPoint)address).Address.ToString(),
                ClientCertificates = [_certificate],
                RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                    IsTrusted(certificate) && !(_verifyHostName && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)),
            });
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public SslStream Accept(Stream inner)
    {
        var stream = new SslStream(inner);
        try
        {
            stream.AuthenticateAsServer(new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate,
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => IsTrusted(certificate),
            });
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public void Dispose() => _certificate.Dispose();

    private bool IsTrusted(X509Certificate? certificate)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build((X509Certificate2)certificate);
    }
}
