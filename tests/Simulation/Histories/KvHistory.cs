using System.Globalization;
using System.Text.RegularExpressions;
using Quorate.Simulation.Checking;

namespace Quorate.Simulation.Histories;

/// <summary>
/// Reads histories of keys with string values, a line per event:
/// <code>
/// {:process 0, :type :invoke, :f :append, :key "4", :value "x"}
/// {:process 0, :type :ok, :f :append, :key "4", :value "x"}
/// </code>
/// Keys are independent objects, so each gets a history of its own.
/// </summary>
internal static partial class KvHistory
{
    public static IReadOnlyDictionary<string, List<Timed<AppendOperation>>> Parse(IEnumerable<string> lines)
    {
        var keys = new SortedDictionary<string, List<Timed<AppendOperation>>>(StringComparer.Ordinal);
        var open = new OpenCalls<(string Key, AppendOperation Operation)>();
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
                throw new HistoryFormatException(number, "not an event of a history of keys");
            }

            var phase = match.Groups["phase"].Value;
            var key = match.Groups["key"].Value;
            var operation = new AppendOperation(ActionOf(match.Groups["action"].Value), match.Groups["value"].Value);
            if (phase == "invoke")
            {
                open.Begin(number, process, (key, operation));
                continue;
            }

            var (at, call) = open.End(number, process);
            if (call.Key != key || call.Operation.Action != operation.Action)
            {
                throw new HistoryFormatException(number, $"process {process} gets the answer of something else than it called");
            }

            Add(at, key, call.Operation, phase, operation, number);
        }

        foreach (var (at, call) in open.Rest)
        {
            Add(at, call.Key, call.Operation, "info", call.Operation, 0);
        }

        return keys;

        void Add(long at, string key, AppendOperation call, string phase, AppendOperation answer, int line)
        {
            if (phase == "fail" || (phase == "info" && call.Action == AppendAction.Get))
            {
                return;
            }

            if (!keys.TryGetValue(key, out var history))
            {
                keys[key] = history = [];
            }

            history.Add(new Timed<AppendOperation>(
                at, phase == "info" ? Timed<AppendOperation>.Never : line, call.Action == AppendAction.Get ? answer : call));
        }
    }

    private static AppendAction ActionOf(string name) => name switch
    {
        "get" => AppendAction.Get,
        "put" => AppendAction.Put,
        _ => AppendAction.Append,
    };

    [GeneratedRegex("""^\{:process (?<process>\d+), :type :(?<phase>invoke|ok|fail|info), :f :(?<action>get|put|append), :key "(?<key>(?:[^"\\]|\\.)*)", :value (?:nil|"(?<value>(?:[^"\\]|\\.)*)")\}\s*$""")]
    private static partial Regex Event();
}
