using System.Globalization;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Problems;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Quorate.Gateway.OpenApi;

/// <summary>Describes the problems that an endpoint answers: one response per status, with the codes that may stand in it.</summary>
internal sealed class ProblemFilter : IOperationFilter
{
    private static readonly string[] OfBodies = [ErrorCodes.MalformedBody, ErrorCodes.PayloadTooLarge, ErrorCodes.UnsupportedMediaType];

    private static readonly Dictionary<string, IOpenApiHeader> RetryAfter = new()
    {
        [HeaderNames.RetryAfter] = ResponseHeaderDoc.ToHeader("Seconds after which a retry makes sense.", JsonSchemaType.Integer),
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<EndpointProblems>().FirstOrDefault() is not { } problems)
        {
            return;
        }

        var schema = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository);
        var codes = problems.Codes.Concat(operation.RequestBody is null ? [] : OfBodies).Append(ErrorCodes.Internal).Distinct();
        foreach (var group in codes.Select(ProblemKind.Of).GroupBy(kind => kind.Status))
        {
            operation.Responses ??= [];
            operation.Responses[group.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join(" ", group.Select(Describe)),
                Headers = group.Any(kind => kind.Member == "retryAfterMs") ? RetryAfter : null,
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [ProblemResult.ContentType] = new OpenApiMediaType { Schema = schema },
                },
            };
        }
    }

    private static string Describe(ProblemKind kind) =>
        kind.Member is null ? $"`{kind.Code}`: {kind.Title}." : $"`{kind.Code}`: {kind.Title}; with `{kind.Member}`.";
}
