using System.Globalization;
using System.Text.RegularExpressions;
using Quorate.Simulation.Checking;

namespace Quorate.Simulation.Histories;

/// <summary>
/// Reads histories of one register, a line per event:
/// <code>
/// INFO  jepsen.util - 2	:invoke	:cas	[3 0]
/// INFO  jepsen.util - 2	:ok	:cas	[3 0]
/// </code>
/// An operation that ends with <c>:info</c>, or not at all, may or may not have happened; a read that ends with <c>:fail</c> did nothing.
/// </summary>
internal static partial class RegisterHistory
{
    public static IReadOnlyList<Timed<RegisterOperation>> Parse(IEnumerable<string> lines)
    {
        var history = new List<Timed<RegisterOperation>>();
        var open = new OpenCalls<RegisterOperation>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var match = Event().Match(line);
            if (!match.Success || !int.TryParse(match.Groups["process"].Value, CultureInfo.InvariantCulture, out var process))
            {
                throw new HistoryFormatException(number, "not an event of a register's history");
            }

            var (phase, action, value) = (match.Groups["phase"].Value, ActionOf(match.Groups["action"].Value), match.Groups["value"].Value);
            if (phase == "invoke")
            {
                open.Begin(number, process, Called(number, action, value));
                continue;
            }

            var (at, call) = open.End(number, process);
            if (call.Action != action)
            {
                throw new HistoryFormatException(number, $"process {process} called {call.Action} and gets the answer of {action}");
            }

            if (Answered(number, call, phase, value) is { } answered)
            {
                history.Add(new Timed<RegisterOperation>(at, phase == "info" ? Timed<RegisterOperation>.Never : number, answered));
            }
        }

        // A read without an answer says nothing.
        history.AddRange(open.Rest
            .Where(rest => rest.Call.Action != RegisterAction.Read)
            .Select(rest => new Timed<RegisterOperation>(rest.At, Timed<RegisterOperation>.Never, rest.Call)));
        return history;
    }

    private static RegisterAction ActionOf(string name) => name switch
    {
        "read" => RegisterAction.Read,
        "write" => RegisterAction.Write,
        _ => RegisterAction.CompareAndSet,
    };

    private static RegisterOperation Called(int line, RegisterAction action, string value)
    {
        if (action != RegisterAction.CompareAndSet)
        {
            return new RegisterOperation(action, value);
        }

        var pair = Pair().Match(value);
        return pair.Success
            ? new RegisterOperation(action, pair.Groups[2].Value, pair.Groups[1].Value)
            : throw new HistoryFormatException(line, $"'{value}' is not a pair of the value expected and the value to write");
    }

    /// <returns>Null when the operation did nothing and says nothing.</returns>
    private static RegisterOperation? Answered(int line, RegisterOperation call, string phase, string value) => (call.Action, phase) switch
    {
        (RegisterAction.Read, "ok") => call with { Value = value },
        (RegisterAction.Read, _) => null,
        (RegisterAction.Write, "fail") => null,
        (RegisterAction.Write, "ok") when value != call.Value =>
            throw new HistoryFormatException(line, $"{call.Value} was to be written, and {value} is said to have been"),
        (RegisterAction.CompareAndSet, "ok") => call with { Matched = true },
        (RegisterAction.CompareAndSet, "fail") => call with { Matched = false },
        _ => call,
    };

    [GeneratedRegex(@"^INFO\s+jepsen\.util\s+-\s+(?<process>\d+)\s+:(?<phase>invoke|ok|fail|info)\s+:(?<action>read|write|cas)\s+(?<value>\S.*?)\s*$")]
    private static partial Regex Event();

    [GeneratedRegex(@"^\[(\S+)\s+(\S+)\]$")]
    private static partial Regex Pair();
}
