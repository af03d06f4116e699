using System.Text;

namespace Quorate.Bench.Load;

/// <summary>Finds what a client needs of a JSON answer without parsing the rest.</summary>
internal static class JsonText
{
    /// <summary>What stands between a property's name, with quotes and colon, and the next of the ends.</summary>
    /// <exception cref="BenchException">The property is not there.</exception>
    public static ReadOnlySpan<byte> After(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> ends)
    {
        var start = json.IndexOf(name);
        var rest = start < 0 ? default : json[(start + name.Length)..];
        var length = rest.IndexOfAny(ends);
        return length > 0 ? rest[..length] : throw new BenchException($"an answer lacks {Encoding.UTF8.GetString(name)} {Encoding.UTF8.GetString(json[..Math.Min(200, json.Length)])}");
    }
}
