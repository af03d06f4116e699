using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Where a page ended, as an opaque text: the position of its last item, base64url.</summary>
internal static class Cursor
{
    public const string Field = "cursor";

    public static string Of(string position) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(position));

    public static string Of(long position) => Of(position.ToString(CultureInfo.InvariantCulture));

    /// <exception cref="InvalidArgumentException">The text is no cursor.</exception>
    public static string Read(string cursor)
    {
        try
        {
            return Names.FromUtf8(Field, Base64Url.DecodeFromChars(cursor));
        }
        catch (FormatException)
        {
            throw Invalid();
        }
    }

    /// <exception cref="InvalidArgumentException">The text is no cursor of a list that is ordered by number.</exception>
    public static long ReadNumber(string cursor) =>
        long.TryParse(Read(cursor), NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : throw Invalid();

    private static InvalidArgumentException Invalid() =>
        new(Field, "'cursor' must be the nextCursor of a page of this list.");
}
