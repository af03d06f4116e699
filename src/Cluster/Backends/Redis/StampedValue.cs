using System.Buffers.Text;
using System.Globalization;

namespace Quorate.Backends.Redis;

/// <summary>A value and the stamp of the write it comes from. Stamps grow from write to write.</summary>
public readonly record struct StampedValue(long Stamp, ReadOnlyMemory<byte> Value)
{
    /// <summary>The stamp so that texts order as stamps do.</summary>
    internal static string Text(long stamp) => stamp.ToString("x16", CultureInfo.InvariantCulture);

    /// <returns>False when the bytes were not written by this program.</returns>
    internal static bool TryRead(byte[] bytes, int stampLength, out StampedValue value)
    {
        if (bytes.Length >= stampLength && Utf8Parser.TryParse(bytes.AsSpan(0, stampLength), out long stamp, out var consumed, 'x') && consumed == stampLength)
        {
            value = new StampedValue(stamp, bytes.AsMemory(stampLength));
            return true;
        }

        value = default;
        return false;
    }
}
