using System.Globalization;
using System.Reflection;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Quorate.Core.StateMachine.Kv;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Compare-and-set as HTTP knows it (RFC 9110 §13.1).</summary>
/// <param name="Expected">As in <see cref="KvPut.Expected"/>.</param>
internal sealed record Precondition(long? Expected) : IBindable<Precondition>
{
    private const string Any = "*";

    private static readonly Precondition None = new(Expected: null);

    /// <exception cref="InvalidArgumentException">A header is not valid; the field is its name.</exception>
    public static ValueTask<Precondition?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var ifMatch = context.Request.Headers.IfMatch;
        var ifNoneMatch = context.Request.Headers.IfNoneMatch;
        if (ifMatch.Count == 0 && ifNoneMatch.Count == 0)
        {
            return ValueTask.FromResult<Precondition?>(None);
        }

        if (ifMatch.Count > 0 && ifNoneMatch.Count > 0)
        {
            throw new InvalidArgumentException(HeaderNames.IfNoneMatch, "If-Match and If-None-Match cannot be combined.");
        }

        var expected = ifMatch.Count > 0 ? ReadIfMatch(ifMatch.ToString()) : ReadIfNoneMatch(ifNoneMatch.ToString());
        return ValueTask.FromResult<Precondition?>(new Precondition(expected));
    }

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return new ParameterDoc(
            HeaderNames.IfMatch, ParameterLocation.Header, "Only if the key has this revision: 12 or \"12\"; 0: only if it does not exist; *: only if it exists.");
        yield return new ParameterDoc(
            HeaderNames.IfNoneMatch, ParameterLocation.Header, "With *: only if the key does not exist. No other value is supported.");
    }

    private static long ReadIfMatch(string text)
    {
        if (text == Any)
        {
            return KvTable.AnyRevision;
        }

        var digits = text is ['"', .. var quoted, '"'] ? quoted : text;
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : throw new InvalidArgumentException(
                HeaderNames.IfMatch, $"If-Match must be one revision such as 12 or \"12\", 0, or *, but is '{text}'. Weak tags cannot be compared here.");
    }

    private static long ReadIfNoneMatch(string text) => text == Any
        ? 0
        : throw new InvalidArgumentException(HeaderNames.IfNoneMatch, $"If-None-Match supports only *, but is '{text}'.");
}
