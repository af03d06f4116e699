using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Quorate.Gateway.OpenApi;

/// <summary>Describes the headers of successful responses.</summary>
internal sealed class ResponseHeaderFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var doc in context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<ResponseHeaderDoc>())
        {
            foreach (var response in operation.Responses?.Where(response => response.Key.StartsWith('2')).Select(response => response.Value) ?? [])
            {
                if (response is OpenApiResponse described)
                {
                    described.Headers ??= new Dictionary<string, IOpenApiHeader>();
                    described.Headers[doc.Name] = doc.ToHeader();
                }
            }
        }
    }
}
