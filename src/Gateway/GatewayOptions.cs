namespace Quorate.Gateway;

/// <summary>Settings of the gateway that come from configuration; see docs/OPERATIONS.md for the keys.</summary>
public sealed class GatewayOptions
{
    /// <summary>Largest request body in bytes, <c>Gateway:MaxPayloadBytes</c>; 1 KiB to 64 MiB. Default 1 MiB.</summary>
    public int MaxPayloadBytes { get; set; } = 1 << 20;

    /// <summary>What the environment is called, <c>Environment:Name</c>; 1 to 40 characters.</summary>
    public string EnvironmentName { get; set; } = "local";

    /// <summary>CSS colour of its badge, <c>Environment:Color</c>.</summary>
    public string EnvironmentColor { get; set; } = "#3b82f6";

    /// <summary>Whether nodes can be stopped and isolated over the API, <c>Laboratory:Enabled</c>. Default: true with embedded nodes only.</summary>
    public bool LaboratoryEnabled { get; set; }
}
