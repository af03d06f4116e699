using Quorate.Client;
using Quorate.Contracts.Problems;

namespace Quorate.EndToEnd.Harness;

/// <summary>Writes one key after the other over REST until it is disposed, and remembers which were acknowledged.</summary>
internal sealed class SteadyWriter : IAsyncDisposable
{
    private const int Progress = 10;

    private readonly Gateway _gateway;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private volatile int _acknowledged;

    public SteadyWriter(Gateway gateway)
    {
        _gateway = gateway;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Waits until further writes have been acknowledged.</summary>
    public Task ExpectProgressAsync()
    {
        var goal = _acknowledged + Progress;
        return Deadlines.EventuallyAsync(
            () => _writing.IsFaulted ? throw _writing.Exception : _acknowledged >= goal, $"{Progress} more writes are acknowledged");
    }

    /// <summary>Stops, and reads every acknowledged key back.</summary>
    public async Task ExpectNothingLostAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        var found = new HashSet<string>();
        string? cursor = null;
        do
        {
            var page = await _gateway.Client.ListKeysAsync("steady/", limit: 1000, cursor);
            found.UnionWith(page.Items.Select(key => key.Key));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Empty(Enumerable.Range(0, _acknowledged).Select(Key).Except(found));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static string Key(int number) => $"steady/{number:D6}";

    private async Task WriteAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _gateway.PutAsync(Key(_acknowledged), _acknowledged);
                _acknowledged++;
            }
            catch (QuorateException exception) when (exception.Code == ErrorCodes.NoQuorum)
            {
                // An election may outlast the gateway's patience; the same key is written again.
            }
        }
    }
}
