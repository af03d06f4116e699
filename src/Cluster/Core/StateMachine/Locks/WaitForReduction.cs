namespace Quorate.Core.StateMachine.Locks;

/// <summary>
/// Who can still finish, when everybody who waits for nothing gives back what it holds, and so on. The others are stuck: the
/// reduction of Holt's general resource graphs (ACM Computing Surveys, 1972) over everybody whom one owner waits for.
/// </summary>
/// <remarks>
/// A request for a lock needs all who are in its way; one for permits needs all ahead in the queue, and so many of the holders
/// that its permits come together. Each edge is looked at once.
/// </remarks>
internal sealed class WaitForReduction(Func<string, LockState?> lockNamed, Func<string, IEnumerable<string>> waitingOn)
{
    // Looked up, never enumerated.
    private readonly Dictionary<string, Party> _parties = new(StringComparer.Ordinal);
    private readonly Queue<Party> _unexplored = [];
    private readonly Queue<Party> _finishing = [];

    /// <summary>Whether the owner can never finish. To be asked once.</summary>
    public bool IsStuck(string owner)
    {
        var party = PartyOf(owner);
        while (_unexplored.TryDequeue(out var next))
        {
            Explore(next);
        }

        while (_finishing.TryDequeue(out var finished))
        {
            foreach (var (need, permits) in finished.NeededBy)
            {
                Relieve(need, permits);
            }
        }

        return party.Unmet > 0;
    }

    public bool IsKnownStuck(string owner) => _parties.TryGetValue(owner, out var party) && party.Unmet > 0;

    private Party PartyOf(string owner)
    {
        if (!_parties.TryGetValue(owner, out var party))
        {
            _parties.Add(owner, party = new Party(owner));
            _unexplored.Enqueue(party);
        }

        return party;
    }

    private void Explore(Party party)
    {
        foreach (var name in waitingOn(party.Owner))
        {
            if (lockNamed(name) is { } state && state.WaitOf(party.Owner) is { } wait)
            {
                Explore(party, state, wait);
            }
        }

        if (party.Unmet == 0)
        {
            _finishing.Enqueue(party);
        }
    }

    private void Explore(Party party, LockState state, LockWait wait)
    {
        var need = new Need(party);
        if (!state.Admits(wait.Owner, wait.Mode, wait.Permits))
        {
            AddHolders(need, state, wait);
        }

        AddAhead(need, state, wait);
        if (need.IsUnmet)
        {
            party.Unmet++;
        }
    }

    private void AddHolders(Need need, LockState state, LockWait wait)
    {
        need.Permits = wait.Permits - state.Permits;
        foreach (var hold in state.Holds)
        {
            if (hold.Owner == wait.Owner)
            {
                continue;
            }

            if (wait.Mode == LockMode.Semaphore)
            {
                need.Permits += hold.Permits;
                PartyOf(hold.Owner).NeededBy.Add((need, hold.Permits));
            }
            else if (LockState.Conflict(wait.Mode, hold.Mode))
            {
                need.Parties++;
                PartyOf(hold.Owner).NeededBy.Add((need, 0));
            }
        }
    }

    /// <summary>From the request's place forwards; behind one that itself waits for all before it nobody else needs to be named.</summary>
    private void AddAhead(Need need, LockState state, LockWait wait)
    {
        var place = 0;
        while (state.Waits[place] != wait)
        {
            place++;
        }

        for (var i = place - 1; i >= 0; i--)
        {
            var ahead = state.Waits[i];
            if (ahead.Owner != wait.Owner && LockState.Conflict(wait.Mode, ahead.Mode))
            {
                need.Parties++;
                PartyOf(ahead.Owner).NeededBy.Add((need, 0));
                if (ahead.Mode != LockMode.Shared)
                {
                    return;
                }
            }
        }
    }

    private void Relieve(Need need, int permits)
    {
        if (!need.IsUnmet)
        {
            return;
        }

        if (permits == 0)
        {
            need.Parties--;
        }
        else
        {
            need.Permits -= permits;
        }

        if (!need.IsUnmet && --need.Of.Unmet == 0)
        {
            _finishing.Enqueue(need.Of);
        }
    }

    /// <summary>An owner: what it still needs, and who needs it.</summary>
    private sealed class Party(string owner)
    {
        public string Owner { get; } = owner;

        public int Unmet { get; set; }

        public List<(Need Need, int Permits)> NeededBy { get; } = [];
    }

    /// <summary>What one waiting request still needs before it can be granted.</summary>
    private sealed class Need(Party of)
    {
        public Party Of { get; } = of;

        /// <summary>Owners that must finish, every one of them.</summary>
        public int Parties { get; set; }

        /// <summary>Permits that must come free, from whichever holders; not positive when there are enough.</summary>
        public int Permits { get; set; }

        public bool IsUnmet => Parties > 0 || Permits > 0;
    }
}
