using System.Reflection;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Quorate.Core.StateMachine.Documents;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>The revision that a writer has read: in the query, or as HTTP knows it (RFC 9110 §13.1).</summary>
/// <param name="Expected">As in <see cref="DocumentPut.Expected"/>.</param>
internal sealed record RevPrecondition(string? Expected) : IBindable<RevPrecondition>
{
    public const string Field = "rev";

    /// <exception cref="InvalidArgumentException">More than one is given, or one is not valid; the field is its name.</exception>
    public static ValueTask<RevPrecondition?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (headers, query) = (context.Request.Headers, context.Request.Query);
        var given = (headers.IfMatch.Count > 0 ? 1 : 0) + (headers.IfNoneMatch.Count > 0 ? 1 : 0) + (query.ContainsKey(Field) ? 1 : 0);
        if (given > 1)
        {
            throw new InvalidArgumentException(Field, "Give the revision once: as 'rev', as If-Match, or If-None-Match: * for a document that must not exist.");
        }

        var expected = headers.IfMatch.Count > 0 ? ReadIfMatch(headers.IfMatch.ToString())
            : headers.IfNoneMatch.Count > 0 ? ReadIfNoneMatch(headers.IfNoneMatch.ToString())
            : query.ContainsKey(Field) ? Require(Field, query[Field].ToString())
            : null;
        return ValueTask.FromResult<RevPrecondition?>(new RevPrecondition(expected));
    }

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return new ParameterDoc(Field, ParameterLocation.Query, "Only if the document has this revision.");
        yield return new ParameterDoc(HeaderNames.IfMatch, ParameterLocation.Header, "Only if the document has this revision, with or without quotes.");
        yield return new ParameterDoc(HeaderNames.IfNoneMatch, ParameterLocation.Header, "With *: only if the document does not exist. No other value is supported.");
    }

    /// <summary>What both say, when only one says something.</summary>
    /// <exception cref="InvalidArgumentException">Both say something, and not the same.</exception>
    public string? And(string? rev) => Expected is not null && rev is not null && Expected != rev
        ? throw new InvalidArgumentException(Field, "The body names another revision than the request does.")
        : Expected ?? rev;

    /// <exception cref="InvalidArgumentException">It cannot be a revision.</exception>
    public static string Require(string field, string rev) => rev.Length is >= 1 and <= Revisions.MaxLength && rev.All(c => c is > ' ' and <= '~')
        ? rev
        : throw new InvalidArgumentException(field, $"'{field}' must be a revision as a read or write answered it, 1 to {Revisions.MaxLength} characters.");

    private static string ReadIfMatch(string text) => Require(HeaderNames.IfMatch, text is ['"', .. var quoted, '"'] ? quoted : text);

    private static string ReadIfNoneMatch(string text) => text == "*"
        ? DocumentTable.Absent
        : throw new InvalidArgumentException(HeaderNames.IfNoneMatch, $"If-None-Match supports only *, but is '{text}'.");
}
