using Quorate.Contracts;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Blobs;

/// <summary>What a client says its content hashes to.</summary>
/// <param name="Whole">Of the whole blob, and the header that says so.</param>
/// <param name="Request">Of the bytes of this request, and the header that says so.</param>
internal sealed record ExpectedDigests((string Header, Digest Digest)? Whole, (string Header, Digest Digest)? Request)
{
    public static readonly ExpectedDigests None = new(null, null);

    /// <exception cref="InvalidArgumentException">A header is no SHA-256; the field is its name.</exception>
    public static ExpectedDigests Read(IHeaderDictionary headers) => new(
        ReadHex(headers) ?? ReadField(headers, Headers.ReprDigest), ReadField(headers, Headers.ContentDigest));

    /// <summary>A digest as a field of RFC 9530 has it.</summary>
    public static string Field(Digest digest) => $"sha-256=:{Convert.ToBase64String(digest.ToArray())}:";

    private static (string, Digest)? ReadHex(IHeaderDictionary headers)
    {
        var text = headers[Headers.ContentSha256].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        return Digest.TryParse(text, out var digest)
            ? (Headers.ContentSha256, digest)
            : throw new InvalidArgumentException(Headers.ContentSha256, $"{Headers.ContentSha256} must have 64 hexadecimal digits.");
    }

    private static (string, Digest)? ReadField(IHeaderDictionary headers, string name)
    {
        // Other algorithms may stand beside it; those are not ours to check.
        var field = headers[name].ToString().Split(',', StringSplitOptions.TrimEntries)
            .FirstOrDefault(part => part.StartsWith("sha-256=", StringComparison.OrdinalIgnoreCase))?["sha-256=".Length..];
        if (field is null)
        {
            return null;
        }

        var bytes = new byte[Digest.Length];
        return field is [':', .. var encoded, ':'] && Convert.TryFromBase64String(encoded, bytes, out var written) && written == Digest.Length
            ? (name, Digest.Read(bytes))
            : throw new InvalidArgumentException(name, $"{name} must be as in 'sha-256=:base64 of 32 bytes:' (RFC 9530).");
    }
}
