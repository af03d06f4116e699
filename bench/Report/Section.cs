namespace Quorate.Bench.Report;

/// <summary>One part of the comparison.</summary>
/// <param name="Notes">Sentences for the reader, among them why something was not measured.</param>
/// <param name="Details">What stands behind the rows.</param>
internal sealed record Section(string Title, IReadOnlyList<Comparison> Rows, IReadOnlyList<string> Notes, Table? Details = null)
{
    /// <summary>Something went wrong that should not have.</summary>
    public bool Failed { get; init; }
}

internal sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>Everything that one run found.</summary>
internal sealed record BenchReport(DateTimeOffset At, string Settings, Machine Machine, IReadOnlyList<Section> Sections)
{
    public IEnumerable<Comparison> Rows => Sections.SelectMany(section => section.Rows);

    /// <summary>Every row counts and no part failed. Says nothing about targets.</summary>
    public bool Valid => Rows.All(row => row.Verdict != Verdict.Invalid) && !Sections.Any(section => section.Failed);
}
