using Quorate.Node.Transport;

namespace Quorate.Node.Replication.Regions;

/// <summary>How a region reaches the coordinator over HTTP/2.</summary>
public sealed record HttpRegionLinkOptions
{
    /// <summary>Asked for with each request: an address may become known late, or change. <c>http</c> is HTTP/2 with prior knowledge.</summary>
    public required Func<Uri> Coordinator { get; init; }

    /// <summary>What both ends know. Null: none, which only loopback may do without.</summary>
    public string? Secret { get; init; }

    /// <summary>Required when the address is <c>https</c>: both ends show a certificate of the same authority.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>A coordinator that is silent for so long, beside what it was allowed to wait, is taken for gone. Default 10 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Where on the listener for regions what is asked.</summary>
public static class RegionRoutes
{
    public const string Hello = "/regions/v1/hello";
    public const string Push = "/regions/v1/push";
    public const string Pull = "/regions/v1/pull";
    public const string Copy = "/regions/v1/copy";
    public const string Chunk = "/regions/v1/chunk";
}
