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

    /// <summary>What Quorate's figure is meant to be at least, whatever the peer's is; null: nothing.</summary>
    public double? Least { get; init; }

    public bool IsJudged => Target is not null || Least is not null;

    /// <summary>Above 1 Quorate is better, whichever way the unit points.</summary>
    public double Ratio => LowerIsBetter ? PeerFigures.Typical / OurFigures.Typical : OurFigures.Typical / PeerFigures.Typical;

    public string? Invalid => PeerFigures.Invalid is { } peer ? $"{Peer}: {peer}" : OurFigures.Invalid is { } ours ? $"{Ours}: {ours}" : null;

    public Verdict Verdict =>
        Invalid is not null ? Verdict.Invalid
        : !IsJudged ? Verdict.None
        : (Target is not { } target || Ratio >= target) && (Least is not { } least || OurFigures.Typical >= least) ? Verdict.Met
        : Verdict.Missed;
}

internal enum Verdict
{
    None,
    Met,
    Missed,
    Invalid,
}
