namespace Quorate.Simulation.Checking;

/// <summary>What an object does when it is used by one client at a time. States are compared by value.</summary>
internal interface IModel<TState, in TOperation>
    where TState : notnull
{
    TState Initial { get; }

    /// <summary>Whether the operation can have ended as it did when it found the object in <paramref name="state"/>, and what it leaves.</summary>
    bool TryStep(TState state, TOperation operation, out TState next);
}

/// <summary>One operation of a history: somewhere between the two moments it took effect, all at once.</summary>
/// <param name="Called">Any clock that orders the events of the history; no two events share a moment.</param>
/// <param name="Returned"><see cref="Never"/> when the client never learned the outcome: it may have taken effect at any later moment, or not at all.</param>
internal readonly record struct Timed<TOperation>(long Called, long Returned, TOperation Operation)
{
    public const long Never = long.MaxValue;

    public bool IsPending => Returned == Never;
}
