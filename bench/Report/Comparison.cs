using Quorate.Bench.Measure;

namespace Quorate.Bench.Report;

/// <summary>One row: the same quantity measured on etcd and on Quorate in the same run.</summary>
/// <param name="Ours">Which form of Quorate.</param>
/// <param name="LowerIsBetter">For durations and memory.</param>
/// <param name="Target">How many times better than etcd it is meant to be at least; null: no target.</param>
internal sealed record Comparison(
    string What, string Ours, string Unit, Figures EtcdFigures, Figures OurFigures, bool LowerIsBetter, double? Target)
{
    /// <summary>Above 1 Quorate is better, whichever way the unit points.</summary>
    public double Ratio => LowerIsBetter ? EtcdFigures.Typical / OurFigures.Typical : OurFigures.Typical / EtcdFigures.Typical;

    public string? Invalid => EtcdFigures.Invalid is { } etcd ? $"etcd: {etcd}" : OurFigures.Invalid is { } ours ? $"{Ours}: {ours}" : null;

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
