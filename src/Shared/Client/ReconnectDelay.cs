namespace Quorate.Client;

/// <summary>How long to wait before the next attempt: doubles from <see cref="First"/> to <see cref="Longest"/>, plus up to a fifth of jitter.</summary>
public sealed record ReconnectDelay
{
    private const double JitterShare = 0.2;
    private const int MaxDoublings = 16;

    /// <summary>Default 0.25 s.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Before jitter. Default 5 s.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(5);

    /// <param name="attempt">Failed attempts so far, from 0.</param>
    /// <param name="chance">Uniform in [0, 1); spreads clients that lost the same gateway.</param>
    public TimeSpan For(int attempt, double chance)
    {
        var delay = First * Math.Pow(2, Math.Clamp(attempt, 0, MaxDoublings));
        return (delay < Longest ? delay : Longest) * (1 + (JitterShare * chance));
    }
}
