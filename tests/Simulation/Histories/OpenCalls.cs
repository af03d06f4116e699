namespace Quorate.Simulation.Histories;

/// <summary>Which call of which process waits for its answer while a history file is read.</summary>
internal sealed class OpenCalls<TCall>
{
    private readonly Dictionary<int, (long At, TCall Call)> _open = [];

    /// <summary>A process calls. It does one thing at a time.</summary>
    /// <exception cref="HistoryFormatException">Its last call has no answer yet.</exception>
    public void Begin(int line, int process, TCall call)
    {
        if (!_open.TryAdd(process, (line, call)))
        {
            throw new HistoryFormatException(line, $"process {process} calls again before its last call has ended");
        }
    }

    /// <exception cref="HistoryFormatException">It has not called.</exception>
    public (long At, TCall Call) End(int line, int process) => _open.Remove(process, out var open)
        ? open
        : throw new HistoryFormatException(line, $"process {process} gets an answer without having called");

    /// <summary>Calls that were never answered.</summary>
    public IEnumerable<(long At, TCall Call)> Rest => _open.Values;
}
