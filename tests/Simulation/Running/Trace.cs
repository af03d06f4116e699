using System.Runtime.CompilerServices;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Running;

/// <summary>
/// What happened in a run: always as a hash, which is equal when two runs went the same way; as lines when somebody wants to read them.
/// </summary>
internal sealed class Trace(Timeline time, TextWriter? lines)
{
    private ulong _hash = 14695981039346656037UL;

    public ulong Hash => _hash;

    public bool IsRead => lines is not null;

    /// <summary>Notes an event by numbers that tell it from others; the text is only made when it is read.</summary>
    public void Note(long a, long b, long c, [InterpolatedStringHandlerArgument("")] ref TraceText text)
    {
        Mix(time.Now);
        Mix(a);
        Mix(b);
        Mix(c);
        if (lines is not null)
        {
            lines.WriteLine($"{time.Now / (double)Duration.Second,12:F6}  {text.ToStringAndClear()}");
        }
    }

    /// <summary>Notes something rare.</summary>
    public void Note([InterpolatedStringHandlerArgument("")] ref TraceText text) => Note(0, 0, 0, ref text);

    private void Mix(long value)
    {
        _hash = (_hash ^ (ulong)value) * 1099511628211UL;
        _hash ^= _hash >> 29;
    }
}

/// <summary>Text that costs nothing while nobody reads the trace.</summary>
[InterpolatedStringHandler]
internal ref struct TraceText
{
    private DefaultInterpolatedStringHandler _text;
    private readonly bool _isRead;

    public TraceText(int literalLength, int formattedCount, Trace trace, out bool isRead)
    {
        _isRead = isRead = trace.IsRead;
        _text = isRead ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, System.Globalization.CultureInfo.InvariantCulture) : default;
    }

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public string ToStringAndClear() => _isRead ? _text.ToStringAndClear() : "";
}
