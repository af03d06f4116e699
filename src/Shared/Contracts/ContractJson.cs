using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quorate.Contracts;

/// <summary>How the contract's records look as JSON: camelCase, ISO 8601 times in UTC, numbers never as strings.</summary>
public static class ContractJson
{
    /// <summary>Shared by gateway, client and hub. Do not modify after first use.</summary>
    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions());

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = true;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectRequiredConstructorParameters = false;
        return options;
    }
}
