using Quorate.Simulation.Checking;

namespace Quorate.Simulation.Histories;

internal enum KeyAction
{
    Get,
    Put,

    /// <summary>A put on condition that the key holds <see cref="KeyOperation.Expected"/>.</summary>
    PutIf,
    Delete,
}

/// <summary>One use of a key and how it ended. Every write writes another value, so that a value tells its revision.</summary>
/// <param name="Value">Read or to be written; <see cref="KeyModel.Absent"/>: no key.</param>
/// <param name="Succeeded">Of a conditional put: whether the condition held; of a delete: whether there was a key; null when nobody knows.</param>
/// <param name="Found">Of a conditional put that did not succeed: what was there instead.</param>
internal readonly record struct KeyOperation(KeyAction Action, string Value, string Expected = "", bool? Succeeded = null, string Found = "");

/// <summary>One key of the replicated state.</summary>
internal sealed class KeyModel : IModel<string, KeyOperation>
{
    public const string Absent = "";

    public string Initial => Absent;

    public bool TryStep(string state, KeyOperation operation, out string next)
    {
        (var possible, next) = operation.Action switch
        {
            KeyAction.Get => (state == operation.Value, state),
            KeyAction.Put => (true, operation.Value),
            KeyAction.PutIf => PutIf(state, operation),
            KeyAction.Delete => (operation.Succeeded is null || operation.Succeeded == (state != Absent), Absent),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return possible;
    }

    private static (bool Possible, string Next) PutIf(string state, KeyOperation operation)
    {
        var holds = state == operation.Expected;
        return operation.Succeeded switch
        {
            true => (holds, operation.Value),
            false => (!holds && state == operation.Found, state),
            null => (true, holds ? operation.Value : state),
        };
    }
}
