using System.Globalization;
using System.Reflection;
using Microsoft.OpenApi;
using Quorate.Contracts;
using Quorate.Core.StateMachine;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>The headers that every write understands.</summary>
internal sealed record WriteHeaders(WriteOptions Options) : IBindable<WriteHeaders>
{
    private static readonly WriteHeaders None = new(WriteOptions.None);

    /// <exception cref="InvalidArgumentException">A header is not valid; the field is its name.</exception>
    public static ValueTask<WriteHeaders?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var headers = context.Request.Headers;
        var session = ReadSession(headers);
        var key = ReadIdempotencyKey(headers);
        var reason = ReasonHeader.Read(headers);
        var fence = FencingHeader.Read(headers);
        var write = session is null && key is null && reason is null && fence is null
            ? None
            : new WriteHeaders(new WriteOptions(session, key, reason, fence));
        return ValueTask.FromResult<WriteHeaders?>(write);
    }

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return new ParameterDoc(
            Headers.IdempotencyKey,
            ParameterLocation.Header,
            $"A retry with the same key and the same request gets the first answer, for 24 hours. 1 to {CommandEnvelope.MaxIdempotencyKey} characters.")
        {
            MaxLength = CommandEnvelope.MaxIdempotencyKey,
        };
        yield return ReasonHeader.Doc;
        yield return FencingHeader.Doc;
        yield return new ParameterDoc(
            Headers.SessionId, ParameterLocation.Header, $"The session this write belongs to; with {Headers.Sequence} the write happens exactly once.");
        yield return new ParameterDoc(
            Headers.Sequence, ParameterLocation.Header, $"Number of this write within its session, counted from 1; needs {Headers.SessionId}.")
        {
            Type = JsonSchemaType.Integer,
            Minimum = 1,
        };
    }

    private static SessionSequence? ReadSession(IHeaderDictionary headers)
    {
        var id = headers[Headers.SessionId];
        var sequence = headers[Headers.Sequence];
        if (id.Count == 0 && sequence.Count == 0)
        {
            return null;
        }

        if (id.Count == 0 || sequence.Count == 0)
        {
            var missing = id.Count == 0 ? Headers.SessionId : Headers.Sequence;
            throw new InvalidArgumentException(missing, $"{Headers.SessionId} and {Headers.Sequence} come together, but {missing} is missing.");
        }

        return new SessionSequence(SessionIds.Parse(id.ToString()), ReadSequence(Headers.Sequence, sequence.ToString()));
    }

    /// <exception cref="InvalidArgumentException">Not a number from 1.</exception>
    public static long ReadSequence(string field, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) && sequence >= 1
            ? sequence
            : throw new InvalidArgumentException(field, $"'{field}' must be a number from 1, but is '{text}'.");

    private static string? ReadIdempotencyKey(IHeaderDictionary headers)
    {
        var values = headers[Headers.IdempotencyKey];
        if (values.Count == 0)
        {
            return null;
        }

        var key = values.ToString();
        return key.Length is >= 1 and <= CommandEnvelope.MaxIdempotencyKey
            ? key
            : throw new InvalidArgumentException(
                Headers.IdempotencyKey, $"{Headers.IdempotencyKey} must have 1 to {CommandEnvelope.MaxIdempotencyKey} characters, but has {key.Length}.");
    }
}
