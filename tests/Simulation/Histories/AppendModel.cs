using Quorate.Simulation.Checking;

namespace Quorate.Simulation.Histories;

internal enum AppendAction
{
    Get,
    Put,
    Append,
}

/// <summary>One use of a key.</summary>
/// <param name="Value">Read, written or appended.</param>
internal readonly record struct AppendOperation(AppendAction Action, string Value);

/// <summary>One key that holds a string, empty at first.</summary>
internal sealed class AppendModel : IModel<string, AppendOperation>
{
    public string Initial => "";

    public bool TryStep(string state, AppendOperation operation, out string next)
    {
        (var possible, next) = operation.Action switch
        {
            AppendAction.Get => (state == operation.Value, state),
            AppendAction.Put => (true, operation.Value),
            AppendAction.Append => (true, state + operation.Value),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return possible;
    }
}
