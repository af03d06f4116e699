using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quorate.Simulation.Checking;
using Quorate.Simulation.Histories;

namespace Quorate.Soak.Clients;

/// <summary>What the clients of one round did to the keys and what they were told: a line of JSON per event, and the checker's view of it.</summary>
internal sealed class History : IDisposable
{
    /// <summary>For all keys of a round; a sound round takes far less.</summary>
    private const long MaxSteps = 50_000_000;

    private static readonly TimeSpan MaxCheckTime = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, List<Timed<KeyOperation>>> _keys = new(StringComparer.Ordinal);
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly StreamWriter _file;
    private long _moment;

    public History(string path)
    {
        FilePath = path;
        _file = new StreamWriter(path);
    }

    public string FilePath { get; }

    /// <summary>Operations that were answered.</summary>
    public int Completed { get; private set; }

    /// <summary>Writes of which nobody knows whether they happened.</summary>
    public int Unknown { get; private set; }

    /// <summary>Operations that were refused without effect.</summary>
    public int NotDone { get; private set; }

    public Call Invoke(int client, string key, KeyOperation operation)
    {
        lock (_gate)
        {
            var call = new Call(client, key, operation, ++_moment);
            Write(call, "invoke", operation);
            return call;
        }
    }

    /// <param name="answered">The operation with its outcome.</param>
    public void Ok(Call call, KeyOperation answered)
    {
        lock (_gate)
        {
            Completed++;
            Of(call.Key).Add(new Timed<KeyOperation>(call.Moment, ++_moment, answered));
            Write(call, "ok", answered);
        }
    }

    /// <summary>It had no effect, and never will.</summary>
    public void Fail(Call call)
    {
        lock (_gate)
        {
            NotDone++;
            Write(call, "fail", call.Operation);
        }
    }

    public void NoAnswer(Call call)
    {
        lock (_gate)
        {
            Write(call, "unknown", call.Operation);
            if (call.Operation.Action != KeyAction.Get)
            {
                Unknown++;
                Of(call.Key).Add(new Timed<KeyOperation>(call.Moment, Timed<KeyOperation>.Never, call.Operation));
            }
        }
    }

    /// <exception cref="SoakFailure">A key's history is not linearizable, or too hard to judge.</exception>
    public void Check()
    {
        var budget = new CheckBudget(MaxSteps, MaxCheckTime);
        foreach (var (key, history) in _keys)
        {
            var verdict = LinearizabilityChecker.Check(new KeyModel(), history, budget);
            if (verdict != Verdict.Linearizable)
            {
                throw new SoakFailure($"the history of key {key}, {history.Count} operations, is {verdict}");
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private List<Timed<KeyOperation>> Of(string key)
    {
        if (!_keys.TryGetValue(key, out var history))
        {
            _keys[key] = history = [];
        }

        return history;
    }

    private void Write(Call call, string type, KeyOperation operation)
    {
        var line = new JsonObject
        {
            ["atMs"] = Math.Round(Stopwatch.GetElapsedTime(_started).TotalMilliseconds, 3),
            ["client"] = call.Client,
            ["type"] = type,
            ["op"] = operation.Action.ToString(),
            ["key"] = call.Key,
            ["value"] = operation.Value,
            ["expected"] = operation.Expected,
            ["succeeded"] = operation.Succeeded,
            ["found"] = operation.Found,
        };
        _file.WriteLine(line.ToJsonString(JsonSerializerOptions.Web));
    }
}

/// <summary>An operation under way.</summary>
/// <param name="Moment">Orders the events of the history.</param>
internal sealed record Call(int Client, string Key, KeyOperation Operation, long Moment);
