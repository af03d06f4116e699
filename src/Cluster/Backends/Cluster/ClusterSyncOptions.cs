namespace Quorate.Backends.Cluster;

/// <summary>Which gateway, and how much patience it gets.</summary>
public sealed record ClusterSyncOptions
{
    /// <summary>The gateway's base address.</summary>
    public required Uri GatewayUrl { get; init; }

    /// <summary>Bearer token; null sends none.</summary>
    public string? AccessToken { get; init; }

    /// <summary>The longest that one request waits for an answer; default 5 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
