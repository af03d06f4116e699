using Quorate.Simulation.Histories;
using Quorate.Simulation.Time;

namespace Quorate.Soak.Clients;

/// <summary>Concurrent clients that use a few keys in every way there is, and fill the ledger, until they are told to stop.</summary>
internal sealed class Workload(Uri gateway, int round, History history, Ledger ledger)
{
    private const int Clients = 6;
    private const int Keys = 4;
    private const int LedgerEvery = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>After a failure: enough to let an outage pass without a history full of unknowns.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(150);

    private readonly string[] _keys = [.. Enumerable.Range(0, Keys).Select(key => $"soak/{round}/key/{key}")];

    /// <param name="stop">Ends the clients after the request they are at.</param>
    /// <param name="cancel">Gives the run up.</param>
    /// <exception cref="SoakFailure">The gateway answered something that it never should.</exception>
    public Task RunAsync(SeededRandom random, CancellationToken stop, CancellationToken cancel) =>
        Task.WhenAll(Enumerable.Range(1, Clients).Select(client => RunAsync(client, random.Fork(), stop, cancel)).ToArray());

    /// <summary>Reads every key once more, so that a lost last write shows.</summary>
    public async Task ReadAllAsync(KvClient client, CancellationToken cancel)
    {
        foreach (var key in _keys)
        {
            await GetAsync(client, 0, key, cancel);
        }
    }

    private async Task RunAsync(int number, SeededRandom random, CancellationToken stop, CancellationToken cancel)
    {
        using var client = new KvClient(gateway);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            if (i % LedgerEvery == 0)
            {
                await ledger.WriteAsync(client, $"{number}-{i}", cancel);
            }

            var outcome = await UseAsync(client, number, random, $"{number}-{i}", cancel);
            await Task.Delay(outcome is Outcome.Done or Outcome.Mismatch ? Pause : PauseAfterFailure, cancel);
        }
    }

    private async Task<Outcome> UseAsync(KvClient client, int number, SeededRandom random, string value, CancellationToken cancel)
    {
        var key = random.Pick(_keys);
        switch (random.Below(10))
        {
            case < 3:
                return (await RecordAsync(
                    number, key, new KeyOperation(KeyAction.Put, value), () => client.PutAsync(key, value, expected: null, cancel), (put, _) => put)).Outcome;
            case < 7:
                var read = await GetAsync(client, number, key, cancel);
                return read.Outcome is Outcome.Done or Outcome.Mismatch ? await PutIfAsync(client, number, key, value, read, cancel) : read.Outcome;
            case < 8:
                return (await RecordAsync(
                    number, key, new KeyOperation(KeyAction.Delete, KeyModel.Absent), () => client.DeleteAsync(key, cancel),
                    (delete, answer) => delete with { Succeeded = answer.Outcome == Outcome.Done })).Outcome;
            default:
                return (await GetAsync(client, number, key, cancel)).Outcome;
        }
    }

    private Task<Answer> GetAsync(KvClient client, int number, string key, CancellationToken cancel) => RecordAsync(
        number, key, new KeyOperation(KeyAction.Get, KeyModel.Absent), () => client.GetAsync(key, cancel),
        (get, answer) => get with { Value = answer.Value ?? KeyModel.Absent });

    /// <summary>Compare-and-set on what was just read.</summary>
    private async Task<Outcome> PutIfAsync(KvClient client, int number, string key, string value, Answer read, CancellationToken cancel) => (await RecordAsync(
        number, key, new KeyOperation(KeyAction.PutIf, value, read.Value ?? KeyModel.Absent), () => client.PutAsync(key, value, read.Revision, cancel),
        (put, answer) => put with { Succeeded = answer.Outcome == Outcome.Done, Found = answer.Value ?? KeyModel.Absent })).Outcome;

    private async Task<Answer> RecordAsync(
        int number, string key, KeyOperation operation, Func<Task<Answer>> send, Func<KeyOperation, Answer, KeyOperation> answered)
    {
        var call = history.Invoke(number, key, operation);
        var answer = await send();
        switch (answer.Outcome)
        {
            case Outcome.NotDone:
                history.Fail(call);
                break;
            case Outcome.Unknown:
                history.NoAnswer(call);
                break;
            default:
                history.Ok(call, answered(operation, answer));
                break;
        }

        return answer;
    }
}
