using System.Reflection;
using Microsoft.OpenApi;
using Quorate.Contracts;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Why an operator did this; null when nobody said.</summary>
internal sealed record ReasonHeader(string? Value) : IBindable<ReasonHeader>
{
    private const int MaxBytes = 512;

    public static readonly ParameterDoc Doc = new(
        Headers.Reason, ParameterLocation.Header, $"Why this is done, for the audit. At most {MaxBytes} bytes of UTF-8; may be percent-encoded.");

    /// <exception cref="InvalidArgumentException">The reason is too long or has control characters.</exception>
    public static ValueTask<ReasonHeader?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<ReasonHeader?>(new ReasonHeader(Read(context.Request.Headers)));

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return Doc;
    }

    public static string? Read(IHeaderDictionary headers)
    {
        var values = headers[Headers.Reason];
        if (values.Count == 0)
        {
            return null;
        }

        var reason = Uri.UnescapeDataString(values.ToString()).Trim();
        Names.RequireText(Headers.Reason, reason, MaxBytes);
        if (reason.Any(char.IsControl))
        {
            throw new InvalidArgumentException(Headers.Reason, $"{Headers.Reason} must not have control characters.");
        }

        return reason.Length == 0 ? null : reason;
    }
}
