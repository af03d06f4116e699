using System.Globalization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Quorate.Gateway.OpenApi;

/// <summary>Describes the parameters that handlers read by themselves.</summary>
internal sealed class ParameterFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var doc in context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<ParameterDoc>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = doc.Name,
                In = doc.In,
                Description = doc.Description,
                Required = doc.Required,
                Schema = new OpenApiSchema
                {
                    Type = doc.Type,
                    Format = doc.Type == JsonSchemaType.Integer ? "int64" : null,
                    Minimum = doc.Minimum?.ToString(CultureInfo.InvariantCulture),
                    Maximum = doc.Maximum?.ToString(CultureInfo.InvariantCulture),
                    MaxLength = doc.MaxLength,
                },
            });
        }
    }
}
