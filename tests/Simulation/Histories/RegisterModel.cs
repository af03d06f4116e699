using Quorate.Simulation.Checking;

namespace Quorate.Simulation.Histories;

internal enum RegisterAction
{
    Read,
    Write,
    CompareAndSet,
}

/// <summary>One use of a register and how it ended.</summary>
/// <param name="Value">Read or written; of a compare-and-set the value to write.</param>
/// <param name="Expected">Of a compare-and-set: the value it must find.</param>
/// <param name="Matched">Of a compare-and-set: whether it found it; null when nobody knows.</param>
internal readonly record struct RegisterOperation(RegisterAction Action, string Value, string Expected = "", bool? Matched = null);

/// <summary>A register that holds a value, <see cref="Empty"/> at first.</summary>
internal sealed class RegisterModel : IModel<string, RegisterOperation>
{
    public const string Empty = "nil";

    public string Initial => Empty;

    public bool TryStep(string state, RegisterOperation operation, out string next)
    {
        var found = state == operation.Expected;
        (var possible, next) = operation.Action switch
        {
            RegisterAction.Read => (state == operation.Value, state),
            RegisterAction.Write => (true, operation.Value),
            RegisterAction.CompareAndSet => (operation.Matched is null || operation.Matched == found, found ? operation.Value : state),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return possible;
    }
}
