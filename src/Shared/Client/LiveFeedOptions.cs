namespace Quorate.Client;

public sealed class LiveFeedOptions
{
    /// <summary>The gateway's base address (<c>http</c> or <c>https</c>), asked for at each attempt.</summary>
    public required Func<Uri> GatewayUrl { get; init; }

    /// <summary>Bearer token, asked for at each attempt; null sends none.</summary>
    public Func<string?> AccessToken { get; init; } = () => null;

    /// <summary>How long one attempt to connect may take. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public ReconnectDelay Delay { get; init; } = new();
}
