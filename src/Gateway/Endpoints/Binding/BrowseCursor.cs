using System.Globalization;
using Quorate.Core.StateMachine.Queues;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Where a page of messages ended, as a <see cref="Cursor"/>: rank and number.</summary>
internal static class BrowseCursor
{
    public static string Of(BrowsePosition position) => Cursor.Of(string.Create(CultureInfo.InvariantCulture, $"{position.Rank}.{position.Number}"));

    /// <returns>Null for the first page.</returns>
    /// <exception cref="InvalidArgumentException">The text is no cursor of such a list.</exception>
    public static BrowsePosition? Read(string? cursor)
    {
        if (cursor is null)
        {
            return null;
        }

        var parts = Cursor.Read(cursor).Split('.');
        return parts is [var rank, var number]
            && int.TryParse(rank, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
                ? new BrowsePosition(place, position)
                : throw new InvalidArgumentException(Cursor.Field, "'cursor' must be the nextCursor of a page of this list.");
    }
}
