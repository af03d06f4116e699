namespace Quorate.Backends.State;

/// <summary>How state is shared.</summary>
public sealed record SyncOptions
{
    /// <summary>Put before every topic, with a slash between, so that applications can share a backend.</summary>
    public string Namespace { get; init; } = "app";

    /// <summary>How often each value is read again in case a message was missed; default 5 s.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often an update begins anew because somebody else was faster; default 32.</summary>
    public int MaxAttempts { get; init; } = 32;

    /// <summary>The pause after the first time that somebody else was faster; twice as long after each further one, up to <see cref="MaxBackoff"/>.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(2);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMilliseconds(250);
}
