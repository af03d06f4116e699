namespace Quorate.Simulation.Histories;

/// <summary>A line of a history file cannot be understood, or does not fit what came before it.</summary>
/// <param name="line">Counted from 1.</param>
internal sealed class HistoryFormatException(int line, string what) : FormatException($"line {line}: {what}")
{
    public int Line { get; } = line;
}
