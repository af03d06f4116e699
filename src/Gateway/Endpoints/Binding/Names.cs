using System.Diagnostics.CodeAnalysis;
using System.Text;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>What names, keys and owners must be like.</summary>
internal static class Names
{
    /// <summary>Longest name in bytes of UTF-8.</summary>
    public const int MaxBytes = 512;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The name itself, when it is one.</summary>
    /// <exception cref="InvalidArgumentException">It is missing, empty, too long or not text.</exception>
    public static string Require(string field, [NotNull] string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw new InvalidArgumentException(field, $"'{field}' is required and must not be empty.");
        }

        RequireText(field, name, MaxBytes);
        return name;
    }

    /// <exception cref="InvalidArgumentException">The text is too long or has half of a surrogate pair.</exception>
    public static void RequireText(string field, string text, int maxBytes)
    {
        try
        {
            // One character is three bytes at most.
            if (text.Length * 3 > maxBytes && Strict.GetByteCount(text) is var bytes && bytes > maxBytes)
            {
                throw new InvalidArgumentException(field, $"'{field}' may have at most {maxBytes} bytes of UTF-8, but has {bytes}.");
            }

            if (text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            {
                Strict.GetByteCount(text);
            }
        }
        catch (EncoderFallbackException)
        {
            throw new InvalidArgumentException(field, $"'{field}' is not text: it has half of a surrogate pair.");
        }
    }

    /// <exception cref="InvalidArgumentException">The bytes are not UTF-8.</exception>
    public static string FromUtf8(string field, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidArgumentException(field, $"'{field}' is not valid UTF-8.");
        }
    }
}
