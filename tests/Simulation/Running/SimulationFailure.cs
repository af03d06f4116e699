namespace Quorate.Simulation.Running;

/// <summary>What must always hold.</summary>
internal enum Invariant
{
    ElectionSafety,
    OneVotePerTerm,
    LogMatching,
    LeaderCompleteness,
    StateMachineSafety,
    AppliedInOrder,
    TimeIncreases,
    EqualStateHash,
    ExactlyOnce,
    LockExclusion,
    FencingTokens,

    /// <summary>Every message of a queue is in one place, or was acked, purged or dropped.</summary>
    QueueConservation,

    /// <summary>What was acked is not delivered again; a delivery is given once, to one consumer.</summary>
    QueueDelivery,

    /// <summary>An election has one leader in each of its terms.</summary>
    OneLeaderPerTerm,

    /// <summary>Of a transaction everything is seen, or nothing.</summary>
    TransactionsWhole,

    /// <summary>Events are numbered without gaps, and nobody who goes on after a number misses one.</summary>
    EventsGapFree,

    /// <summary>A watcher of keys is told every change once and in order, or that it missed some.</summary>
    WatchGapFree,
    ReadsSeeCommitted,
    Linearizability,

    /// <summary>What a node promised to have on its disk is there after a crash.</summary>
    Durability,

    /// <summary>A damaged log is refused, with the file and the place.</summary>
    DamageRefused,

    /// <summary>A healed majority makes progress.</summary>
    Progress,

    /// <summary>Regions that have seen the same changes hold the same.</summary>
    Convergence,

    /// <summary>What gave way in a conflict is in the ledger.</summary>
    LoserKept,

    /// <summary>A change of a region is in its outbox until the coordinator has it.</summary>
    OutboxConservation,

    /// <summary>A region never goes back in another's changes, nor beyond what the coordinator has.</summary>
    RegionPositions,

    /// <summary>No part gives up with an exception.</summary>
    NoException,
}

/// <summary>An invariant did not hold.</summary>
internal sealed class SimulationFailure(Invariant invariant, string message, Exception? cause = null) : Exception(message, cause)
{
    public Invariant Invariant { get; } = invariant;

    public static void Unless(bool holds, Invariant invariant, [System.Runtime.CompilerServices.InterpolatedStringHandlerArgument("holds")] ref FailureText text)
    {
        if (!holds)
        {
            throw new SimulationFailure(invariant, text.ToStringAndClear());
        }
    }
}

/// <summary>Text that is only made when something is wrong.</summary>
[System.Runtime.CompilerServices.InterpolatedStringHandler]
internal ref struct FailureText
{
    private System.Runtime.CompilerServices.DefaultInterpolatedStringHandler _text;

    public FailureText(int literalLength, int formattedCount, bool holds, out bool isNeeded)
    {
        isNeeded = !holds;
        _text = isNeeded ? new(literalLength, formattedCount, System.Globalization.CultureInfo.InvariantCulture) : default;
    }

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public string ToStringAndClear() => _text.ToStringAndClear();
}
