using Quorate.Core.StateMachine.Locks;
using Quorate.Simulation.Checking;

namespace Quorate.Simulation.Histories;

internal enum LockAction
{
    Acquire,
    Renew,
    Release,

    /// <summary>Takes the lock away from everybody.</summary>
    Force,
}

/// <summary>One use of a lock and how it ended. Every request has an owner of its own.</summary>
/// <param name="Mode">Of an acquire: exclusive or shared.</param>
/// <param name="Lapses">Of an acquire: the hold has a time to live, and may be gone at any moment.</param>
/// <param name="Token">Granted or shown; 0 when nobody was told.</param>
/// <param name="Succeeded">False: not granted, or not held any more; null when nobody knows.</param>
internal readonly record struct LockOperation(
    LockAction Action, string Owner, LockMode Mode = LockMode.Exclusive, bool Lapses = false, long Token = 0, bool? Succeeded = null);

/// <param name="Token">0 when its owner was not told.</param>
internal readonly record struct ModelHold(string Owner, LockMode Mode, bool Lapses, long Token);

/// <param name="Holds">In the order of their owners.</param>
/// <param name="Newest">The greatest token that anybody was told.</param>
internal sealed record LockModelState(ValueList<ModelHold> Holds, long Newest);

/// <summary>
/// One lock, exclusive or shared, with fencing tokens that only grow. Clients do not see when a hold lapses, so one with a time to live
/// is taken to be over when something shows that it is: another owner got the lock, or its own was told so.
/// </summary>
internal sealed class LockModel : IModel<LockModelState, LockOperation>
{
    public LockModelState Initial { get; } = new(ValueList<ModelHold>.Empty, 0);

    public bool TryStep(LockModelState state, LockOperation operation, out LockModelState next)
    {
        (var possible, next) = operation.Action switch
        {
            // Who is not granted the lock finds it held; by whom does not matter, as shared requests do not pass an exclusive one that waits.
            LockAction.Acquire => operation.Succeeded == false ? (state.Holds.Count > 0, state) : Grant(state, operation),
            LockAction.Renew => Settle(state, operation, ends: false),
            LockAction.Release => Settle(state, operation, ends: true),
            LockAction.Force => Force(state, operation),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return possible;
    }

    private static (bool Possible, LockModelState Next) Grant(LockModelState state, LockOperation operation)
    {
        var compatible = state.Holds.Items.Where(hold => hold.Mode == LockMode.Shared && operation.Mode == LockMode.Shared).ToList();
        var isFree = state.Holds.Items.All(hold => hold.Lapses || compatible.Contains(hold));
        var joins = operation.Token == state.Newest && compatible.Exists(hold => hold.Token == operation.Token);
        if (!isFree || (operation.Token != 0 && operation.Token <= state.Newest && !joins))
        {
            return (false, state);
        }

        var hold = new ModelHold(operation.Owner, operation.Mode, operation.Lapses, operation.Token);
        var holds = new ValueList<ModelHold>([.. compatible.Append(hold).OrderBy(each => each.Owner, StringComparer.Ordinal)]);
        return (true, new LockModelState(holds, Math.Max(state.Newest, operation.Token)));
    }

    private static (bool Possible, LockModelState Next) Settle(LockModelState state, LockOperation operation, bool ends)
    {
        var at = state.Holds.Find(hold => hold.Owner == operation.Owner && hold.Token == operation.Token);
        var without = at < 0 ? state : state with { Holds = state.Holds.Without(at) };
        return operation.Succeeded switch
        {
            true => (at >= 0, ends ? without : state),
            false => (at < 0 || state.Holds.Items[at].Lapses, without),
            null => (true, ends ? without : state),
        };
    }

    private static (bool Possible, LockModelState Next) Force(LockModelState state, LockOperation operation)
    {
        var possible = operation.Succeeded switch
        {
            true => state.Holds.Count > 0,
            false => state.Holds.Items.All(hold => hold.Lapses),
            null => true,
        };
        return (possible, state with { Holds = ValueList<ModelHold>.Empty });
    }
}
