namespace Quorate.Dashboard;

/// <summary>Where the console finds the gateway. It knows the gateway only through its public API.</summary>
public sealed class DashboardOptions
{
    /// <summary>The gateway's base address; asked for at each use, as a host that serves both knows its address only after it started.</summary>
    public Func<Uri> GatewayUrl { get; set; } = () =>
        throw new InvalidOperationException($"{nameof(DashboardOptions)}.{nameof(GatewayUrl)} is not set.");

    /// <summary>Bearer token for REST and the live feed; null sends none.</summary>
    public Func<string?> AccessToken { get; set; } = () => null;

    /// <summary>The address that the shown curl commands use; null takes the one the browser came by.</summary>
    public Func<Uri?> PublicUrl { get; set; } = () => null;
}
