using Quorate.Simulation.Time;

namespace Quorate.Soak.Faults;

/// <summary>All faults, shuffled like cards: each comes once before any comes again, so that few rounds already show all of them.</summary>
internal sealed class FaultDeck(SeededRandom random)
{
    private readonly Queue<Fault> _cards = new();

    public static IReadOnlyList<Fault> All { get; } = [.. ProcessFaults.All, .. NetworkFaults.All, .. DiskFaults.All];

    public Fault Draw()
    {
        if (_cards.Count == 0)
        {
            var cards = All.ToList();
            while (cards.Count > 0)
            {
                var card = random.Pick(cards);
                cards.Remove(card);
                _cards.Enqueue(card);
            }
        }

        return _cards.Dequeue();
    }
}
