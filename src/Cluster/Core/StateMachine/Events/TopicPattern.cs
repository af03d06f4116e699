namespace Quorate.Core.StateMachine.Events;

/// <summary>
/// Topics are segments with dots between: <c>order.created.eu</c>. In a pattern <c>*</c> stands for exactly one segment, and <c>#</c>
/// (or <c>**</c>) at the end for the rest, which may be nothing: <c>order.*.eu</c>, <c>order.#</c>, <c>#</c>.
/// </summary>
public static class TopicPattern
{
    public const char Separator = '.';

    private const string One = "*";

    /// <summary>Whether a text is a topic: no segment is empty, and none has a character of patterns.</summary>
    public static bool IsTopic(ReadOnlySpan<char> text) => !HasEmptySegment(text) && text.IndexOfAny('*', '#') < 0;

    public static bool IsPattern(ReadOnlySpan<char> text)
    {
        if (HasEmptySegment(text))
        {
            return false;
        }

        foreach (var range in text.Split(Separator))
        {
            var segment = text[range];
            var last = range.End.GetOffset(text.Length) == text.Length;
            if (segment.IndexOfAny('*', '#') >= 0 && segment is not One && !(last && IsRest(segment)))
            {
                return false;
            }
        }

        return true;
    }

    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> topic)
    {
        while (!pattern.IsEmpty)
        {
            var wanted = TakeSegment(ref pattern);
            if (IsRest(wanted))
            {
                return true;
            }

            if (topic.IsEmpty || (TakeSegment(ref topic) is var segment && wanted is not One && !wanted.SequenceEqual(segment)))
            {
                return false;
            }
        }

        return topic.IsEmpty;
    }

    private static ReadOnlySpan<char> TakeSegment(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(Separator);
        var segment = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return segment;
    }

    private static bool IsRest(ReadOnlySpan<char> segment) => segment is "#" or "**";

    private static bool HasEmptySegment(ReadOnlySpan<char> text) =>
        text.IsEmpty || text[0] == Separator || text[^1] == Separator || text.IndexOf("..") >= 0;
}
