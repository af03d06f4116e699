namespace Quorate.Dashboard.Live;

/// <summary>
/// Runs something soon after it is asked for, never twice at once and at most once per interval. What is asked for meanwhile is done
/// once afterwards, so that the last change is always followed.
/// </summary>
/// <remarks>For a single thread at a time, such as a circuit's.</remarks>
public sealed class Throttle(TimeProvider time, TimeSpan interval, Func<CancellationToken, Task> action) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private bool _asked;
    private bool _running;

    /// <summary>Ends when nothing is asked for any more; callers need not wait.</summary>
    public async Task AskAsync()
    {
        _asked = true;
        if (_running)
        {
            return;
        }

        _running = true;
        try
        {
            while (_asked)
            {
                _asked = false;
                await action(_stop.Token);
                await Task.Delay(interval, time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
        finally
        {
            _running = false;
        }
    }

    public void Dispose() => _stop.Cancel();
}
