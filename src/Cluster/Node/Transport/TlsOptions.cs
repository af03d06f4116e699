namespace Quorate.Node.Transport;

/// <summary>Encryption between nodes, and from clients to nodes. Both ends show a certificate that the same authority signed.</summary>
public sealed record TlsOptions
{
    /// <summary>PEM file with this node's certificate, followed by intermediate ones.</summary>
    public required string CertificatePath { get; init; }

    /// <summary>PEM file with the private key, not encrypted.</summary>
    public required string KeyPath { get; init; }

    /// <summary>PEM file with the certificates of the cluster's own authority. No other authority is trusted.</summary>
    public required string AuthorityPath { get; init; }

    /// <summary>Whether a node's certificate must name the host that was dialled.</summary>
    public bool VerifyHostName { get; init; } = true;

    internal void Validate(List<string> errors)
    {
        foreach (var (name, path) in ((string, string)[])[
            (nameof(CertificatePath), CertificatePath), (nameof(KeyPath), KeyPath), (nameof(AuthorityPath), AuthorityPath)])
        {
            if (!File.Exists(path))
            {
                errors.Add($"Tls.{name}: there is no file {path}");
            }
        }
    }
}
