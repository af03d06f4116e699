namespace Quorate.Contracts;

/// <summary>Request headers that every write understands.</summary>
public static class Headers
{
    /// <summary>A retry that carries the same key gets the first answer. At most 128 characters; remembered for 24 hours.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Why an operator did this. At most 512 bytes of UTF-8.</summary>
    public const string Reason = "X-Reason";

    /// <summary>The session a write belongs to; together with <see cref="Sequence"/> it makes the write exactly-once.</summary>
    public const string SessionId = "X-Session-Id";

    /// <summary>The number of this write within its session, counted by the client from 1.</summary>
    public const string Sequence = "X-Sequence";

    /// <summary>
    /// <c>&lt;lock&gt;:&lt;token&gt;</c>, the name percent-encoded: the write happens only while the lock is held with the token,
    /// otherwise it is <c>stale_token</c>.
    /// </summary>
    public const string Fencing = "X-Fencing";

    /// <summary>SHA-256 of a blob's whole content, 64 hexadecimal digits: what arrives otherwise is refused as <c>wrong_checksum</c>.</summary>
    public const string ContentSha256 = "X-Content-Sha256";

    /// <summary>SHA-256 of a blob's whole content, <c>sha-256=:base64:</c> (RFC 9530).</summary>
    public const string ReprDigest = "Repr-Digest";

    /// <summary>SHA-256 of the bytes of one request, <c>sha-256=:base64:</c> (RFC 9530).</summary>
    public const string ContentDigest = "Content-Digest";

    /// <summary>Bytes of an upload that are durable: the next request goes on from here.</summary>
    public const string UploadOffset = "Upload-Offset";
}
