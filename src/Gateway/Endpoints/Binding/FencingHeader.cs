using System.Globalization;
using Microsoft.OpenApi;
using Quorate.Contracts;
using Quorate.Core.StateMachine.Locks;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>The lock and token that a write depends on: <c>&lt;lock&gt;:&lt;token&gt;</c>, the name percent-encoded.</summary>
internal static class FencingHeader
{
    public static readonly ParameterDoc Doc = new(
        Headers.Fencing,
        ParameterLocation.Header,
        "A lock and a fencing token, as in `orders%2F7:1234` with the name percent-encoded: the write happens only while the lock is held with this token, else it is `stale_token`.");

    /// <exception cref="InvalidArgumentException">The header is not a lock and a token.</exception>
    public static Fence? Read(IHeaderDictionary headers)
    {
        var values = headers[Headers.Fencing];
        if (values.Count == 0)
        {
            return null;
        }

        var text = values.ToString();
        var colon = text.LastIndexOf(':');
        if (values.Count > 1 || colon < 0
            || !long.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var token) || token <= 0)
        {
            throw new InvalidArgumentException(
                Headers.Fencing, $"{Headers.Fencing} must be one lock and its fencing token, as in orders%2F7:1234, but is '{text}'.");
        }

        var name = SegmentName.Decode(text[..colon], Headers.Fencing);
        return new Fence(Names.Require(Headers.Fencing, name), token);
    }
}
