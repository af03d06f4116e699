using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Quorate.Core.Codec;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Node.Storage;

namespace Quorate.Node.Replication.Regions;

/// <summary>
/// A message between regions as bytes: CRC-32C of the rest, then the message. Beside it goes a proof that whoever sent it knows the shared
/// secret: an HMAC-SHA256, so that the secret itself never travels, in either direction.
/// </summary>
public static class RegionFrame
{
    /// <summary>HTTP header with the proof, hexadecimal.</summary>
    public const string ProofHeader = "X-Quorate-Proof";

    public const string ContentType = "application/x-quorate-changes";

    private const int Checksum = 4;

    public static byte[] Seal(RegionMessage message)
    {
        var writer = new ByteWriter(1024);
        writer.UInt32(0);
        RegionMessageCodec.Write(writer, message);
        writer.PatchUInt32(0, Crc32C.Compute(writer.WrittenSpan[Checksum..]));
        return writer.ToArray();
    }

    /// <exception cref="RegionLinkException">The bytes are damaged, or no message of this version.</exception>
    public static RegionMessage Open(ReadOnlyMemory<byte> frame)
    {
        if (frame.Length < Checksum || BinaryPrimitives.ReadUInt32LittleEndian(frame.Span) != Crc32C.Compute(frame.Span[Checksum..]))
        {
            throw new RegionLinkException(RefusalCodes.WrongChecksum, $"A message of {frame.Length} bytes was damaged on its way.");
        }

        try
        {
            return RegionMessageCodec.Read(frame[Checksum..]);
        }
        catch (FormatException error)
        {
            throw new RegionLinkException(RefusalCodes.Malformed, $"A message of {frame.Length} bytes cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Proves that a question comes from somebody who knows the secret.</summary>
    /// <param name="path">What is asked, so that one question cannot be passed off as another.</param>
    public static string ProveRequest(string secret, string path, ReadOnlySpan<byte> frame) => Prove(secret, $"request {path}", frame);

    /// <summary>Proves that an answer comes from somebody who knows the secret, and is the answer to this question.</summary>
    public static string ProveAnswer(string secret, string requestProof, ReadOnlySpan<byte> frame) => Prove(secret, $"answer {requestProof}", frame);

    /// <summary>Takes the same time wherever they differ.</summary>
    public static bool IsProof(string expected, string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(given));

    private static string Prove(string secret, string about, ReadOnlySpan<byte> frame)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.UTF8.GetBytes(about));
        hash.AppendData([0]);
        hash.AppendData(frame);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
