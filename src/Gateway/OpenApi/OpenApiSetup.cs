using System.Text.Json;
using Microsoft.OpenApi;
using Quorate.Contracts;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Quorate.Gateway.OpenApi;

/// <summary>The description of the API at <c>/openapi/v1.json</c>, and a page to try it at <c>/swagger</c>.</summary>
internal static class OpenApiSetup
{
    private const string Version = "v1";

    public static IServiceCollection AddQuorateOpenApi(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        return services.AddSwaggerGen(Configure);
    }

    public static WebApplication MapQuorateOpenApi(this WebApplication app)
    {
        app.MapSwagger("/openapi/{documentName}.json");
        app.UseSwaggerUI(page =>
        {
            page.SwaggerEndpoint(Routes.OpenApi, "Quorate API, version 1");
            page.DocumentTitle = "Quorate API";
        });
        return app;
    }

    private static void Configure(SwaggerGenOptions options)
    {
        options.SwaggerDoc(Version, new OpenApiInfo
        {
            Title = "Quorate",
            Version = Version,
            Description = "Locks, sessions and key-value state, agreed by a cluster. Errors are problem details (RFC 9457): branch on `code`.",
        });
        options.SupportNonNullableReferenceTypes();
        options.NonNullableReferenceTypesAsRequired();
        options.MapType<JsonElement>(() => new OpenApiSchema { Description = "Any JSON value." });
        options.CustomSchemaIds(SchemaId);
        options.OperationFilter<ParameterFilter>();
        options.OperationFilter<ResponseHeaderFilter>();
        options.OperationFilter<ProblemFilter>();
        foreach (var assembly in (string[])["Quorate.Contracts", "Quorate.Gateway"])
        {
            options.IncludeXmlComments(Path.Combine(AppContext.BaseDirectory, assembly + ".xml"));
        }
    }

    /// <summary>Names as a client would choose them: <c>PageOfKeyView</c>.</summary>
    private static string SchemaId(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}Of{string.Join("And", type.GetGenericArguments().Select(SchemaId))}"
        : type.Name;
}
