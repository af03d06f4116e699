using Quorate.Bench.Measure;

namespace Quorate.Bench.Report;

/// <summary>One row: the same quantity measured on a peer and on Quorate in the same run.</summary>
/// <param name="Ours">Which form of Quorate.</param>
/// <param name="LowerIsBetter">For durations and memory.</param>
/// <param name="Target">How many times better than the peer it is meant to be at least; null: no target.</param>
internal sealed record Comparison(
    string What, string Ours, string Unit, Figures PeerFigures, Figures OurFigures, bool LowerIsBetter, double? Target)
{
    /// <summary>Beside whom.</summary>
    public string Peer { get; init; } = "etcd";

    /// <summary>Above 1 Quorate is better, whichever way the unit points.</summary>
    public double Ratio => LowerIsBetter ? PeerFigures.Typical / OurFigures.Typical : OurFigures.Typical / PeerFigures.Typical;

    public string? Invalid => PeerFigures.Invalid is { } peer ? $"{Peer}: {peer}" : OurFigures.Invalid is { } ours ? $"{Ours}: {ours}" : null;

    public Verdict Verdict =>
        Invalid is not null ? Verdict.Invalid
        : Target is not { } target ? Verdict.None
        : Ratio >= target ? Verdict.Met
        : Verdict.Missed;
}

internal enum Verdict
{
    None,
    Met,
    Missed,
    Invalid,
}
