namespace Quorate.Soak.Faults;

/// <summary>Which faults have been exercised, and how often.</summary>
internal sealed class FaultCount
{
    private readonly Dictionary<string, int> _counts = FaultDeck.All.ToDictionary(fault => fault.Name, _ => 0);

    public int this[string name] => _counts[name];

    public void Add(Fault fault) => _counts[fault.Name]++;

    public override string ToString() => string.Join(", ", _counts.Select(pair => pair.Value == 0 ? $"{pair.Key} NOT EXERCISED" : $"{pair.Key} {pair.Value}"));
}
