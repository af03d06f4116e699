using System.Collections.Concurrent;

namespace Quorate.Soak.Clients;

/// <summary>
/// Keys that are written once, each by one client: whatever was acknowledged must be there with its value, in the round and at the end of the run.
/// </summary>
internal sealed class Ledger(string prefix)
{
    private const int MaxNamed = 5;

    private readonly ConcurrentDictionary<string, string> _acknowledged = new(StringComparer.Ordinal);

    public int Count => _acknowledged.Count;

    public async Task WriteAsync(KvClient client, string entry, CancellationToken cancel)
    {
        var key = prefix + entry;
        if ((await client.PutAsync(key, entry, expected: null, cancel)).Outcome == Outcome.Done)
        {
            _acknowledged[key] = entry;
        }
    }

    /// <exception cref="SoakFailure">An acknowledged write is missing.</exception>
    public async Task CheckAsync(KvClient client, CancellationToken cancel)
    {
        var found = await client.ListAsync(prefix, cancel);
        var missing = _acknowledged.Where(entry => found.GetValueOrDefault(entry.Key) != entry.Value).Select(entry => entry.Key).Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            throw new SoakFailure(
                $"{missing.Count} of {_acknowledged.Count} acknowledged writes below {prefix} are missing, such as {string.Join(", ", missing.Take(MaxNamed))}");
        }
    }
}
