using System.Text.Json;

namespace Quorate.Core.StateMachine.Blobs;

/// <summary>What a version of a blob says. Between regions it is the value of a document, as JSON.</summary>
/// <param name="Chunks">As many as the size asks for.</param>
public sealed record BlobContent(long Size, Digest Sha256, ChunkList Chunks, string ContentType)
{
    // The names are part of what regions exchange.
    private const string SizeName = "size";
    private const string Sha256Name = "sha256";
    private const string TypeName = "contentType";
    private const string ChunksName = "chunks";

    /// <summary>Beside the chunks: names, digits and a content type in which every character is escaped.</summary>
    private const int Frame = 2048;

    public byte[] ToJson()
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>(Frame + (Chunks.Packed.Length * 4 / 3));
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber(SizeName, Size);
            json.WriteString(Sha256Name, Sha256.ToString());
            json.WriteString(TypeName, ContentType);
            json.WriteBase64String(ChunksName, Chunks.Packed.Span);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <returns>Null when it is no description of a blob: nothing can be made of it then, on any node.</returns>
    public static BlobContent? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty(SizeName, out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var bytes)
                && bytes is >= 0 and <= BlobLimits.MaxBytes
                && Text(root, Sha256Name) is { } hex && Digest.TryParse(hex, out var sha256)
                && Text(root, TypeName) is { Length: <= BlobLimits.MaxContentType } type
                && root.TryGetProperty(ChunksName, out var list) && list.ValueKind == JsonValueKind.String && list.TryGetBytesFromBase64(out var chunks)
                && chunks.Length == (long)BlobLimits.ChunksOf(bytes) * Digest.Length
                    ? new BlobContent(bytes, sha256, new ChunkList(chunks), type)
                    : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
