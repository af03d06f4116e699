using Microsoft.OpenApi;

namespace Quorate.Gateway.OpenApi;

/// <summary>A parameter of an endpoint, as OpenAPI describes it.</summary>
internal sealed record ParameterDoc(string Name, ParameterLocation In, string Description)
{
    public bool Required { get; init; }

    public JsonSchemaType Type { get; init; } = JsonSchemaType.String;

    public long? Minimum { get; init; }

    public long? Maximum { get; init; }

    public int? MaxLength { get; init; }
}
