using Microsoft.OpenApi;

namespace Quorate.Gateway.OpenApi;

/// <summary>A header of an endpoint's successful response, as OpenAPI describes it.</summary>
internal sealed record ResponseHeaderDoc(string Name, string Description)
{
    public static OpenApiHeader ToHeader(string description, JsonSchemaType type = JsonSchemaType.String) =>
        new() { Description = description, Schema = new OpenApiSchema { Type = type } };

    public OpenApiHeader ToHeader() => ToHeader(Description);
}
