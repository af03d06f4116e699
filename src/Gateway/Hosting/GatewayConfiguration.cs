using System.Text.RegularExpressions;

namespace Quorate.Gateway.Hosting;

/// <summary>Reads and checks the gateway's own settings.</summary>
internal static partial class GatewayConfiguration
{
    private const int MinPayload = 1 << 10;
    private const int MaxPayload = 64 << 20;

    public static bool LaboratoryEnabled(IConfiguration configuration) =>
        configuration.GetValue("Laboratory:Enabled", defaultValue: string.IsNullOrEmpty(configuration["Cluster:Members"]));

    public static void Apply(IConfiguration configuration, ClusterOptions cluster, GatewayOptions options)
    {
        options.MaxPayloadBytes = configuration.GetValue("Gateway:MaxPayloadBytes", options.MaxPayloadBytes);
        options.EnvironmentName = configuration["Environment:Name"] ?? options.EnvironmentName;
        options.EnvironmentColor = configuration["Environment:Color"] ?? options.EnvironmentColor;
        options.LaboratoryEnabled = cluster.EmbeddedNodes > 0 && LaboratoryEnabled(configuration);
    }

    /// <param name="errors">Gets everything that is wrong, each with its key.</param>
    public static void Validate(IConfiguration configuration, ClusterOptions cluster, List<string> errors)
    {
        Number("Gateway:MaxPayloadBytes", MinPayload, MaxPayload);
        Flag("Laboratory:Enabled");
        Flag("Demo:Enabled");
        if (configuration["Environment:Name"] is { } name && name.Length is 0 or > 40)
        {
            errors.Add("Environment:Name must have 1 to 40 characters.");
        }

        if (configuration["Environment:Color"] is { } color && !Color().IsMatch(color))
        {
            errors.Add($"Environment:Color must be a CSS colour name or #rrggbb, but is '{color}'.");
        }

        if (errors.Count == 0 && cluster.EmbeddedNodes == 0 && configuration["Laboratory:Enabled"] is not null && LaboratoryEnabled(configuration))
        {
            errors.Add("Laboratory:Enabled needs embedded nodes: nodes run elsewhere are not stopped from here.");
        }

        foreach (var url in (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Url().IsMatch(url))
            {
                errors.Add($"urls must be http:// or https:// with a host and perhaps a port, but has '{url}'.");
            }
        }

        void Number(string key, int min, int max)
        {
            if (configuration[key] is { Length: > 0 } text && !(int.TryParse(text, out var number) && number >= min && number <= max))
            {
                errors.Add($"{key} must be a whole number from {min} to {max}, but is '{text}'.");
            }
        }

        void Flag(string key)
        {
            if (configuration[key] is { Length: > 0 } text && !bool.TryParse(text, out _))
            {
                errors.Add($"{key} must be true or false, but is '{text}'.");
            }
        }
    }

    [GeneratedRegex("^(#[0-9a-fA-F]{6}|[a-zA-Z]{3,30})$")]
    private static partial Regex Color();

    [GeneratedRegex(@"^https?://[^/\s:]+(:\d{1,5})?/?$|^https?://\[[0-9a-fA-F:]+\](:\d{1,5})?/?$")]
    private static partial Regex Url();
}
