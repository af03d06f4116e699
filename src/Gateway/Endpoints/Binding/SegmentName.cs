using System.Buffers;
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.OpenApi;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>A key or name that stands in the path as one percent-encoded segment: 1 to 512 bytes of UTF-8, any character but NUL.</summary>
internal sealed class SegmentName : IBindable<SegmentName>
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef");

    private SegmentName(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="InvalidArgumentException">The segment is not valid; the field is the parameter's name.</exception>
    public static ValueTask<SegmentName?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var segment = (string)context.Request.RouteValues[parameter.Name!]!;
        return ValueTask.FromResult<SegmentName?>(new SegmentName(Names.Require(parameter.Name!, Decode(segment, parameter.Name!))));
    }

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return new ParameterDoc(parameter.Name!, ParameterLocation.Path, "Percent-encoded as one segment ('/' is %2F). 1 to 512 bytes of UTF-8.")
        {
            Required = true,
        };
    }

    /// <summary>Decodes a percent-encoded path segment, once.</summary>
    public static string Decode(string segment, string field)
    {
        if (!segment.Contains('%'))
        {
            return segment;
        }

        var text = segment.AsSpan();
        var bytes = new ArrayBufferWriter<byte>(segment.Length);
        while (!text.IsEmpty)
        {
            var run = text.IndexOf('%') is var percent and >= 0 ? percent : text.Length;
            Encoding.UTF8.GetBytes(text[..run], bytes);
            text = text[run..];
            if (!text.IsEmpty)
            {
                bytes.Write([DecodeByte(text, field)]);
                text = text[3..];
            }
        }

        return Names.FromUtf8(field, bytes.WrittenSpan);
    }

    private static byte DecodeByte(ReadOnlySpan<char> escape, string field)
    {
        if (escape.Length < 3 || escape[1..3].ContainsAnyExcept(HexDigits))
        {
            throw new InvalidArgumentException(field, $"'{field}' is not valid percent-encoding: '%' must be followed by two hexadecimal digits, or be written %25.");
        }

        return byte.Parse(escape[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
