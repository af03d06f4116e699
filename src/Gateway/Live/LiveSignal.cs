namespace Quorate.Gateway.Live;

/// <summary>Tells everybody who waits that something changed. Pulses that nobody waits for cost nothing and are not remembered.</summary>
public sealed class LiveSignal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _awaited;

    /// <summary>A task that ends with the next pulse. Take it before looking at what may have changed.</summary>
    public Task Next
    {
        get
        {
            Volatile.Write(ref _awaited, 1);
            return Volatile.Read(ref _next).Task;
        }
    }

    public void Pulse()
    {
        if (Interlocked.Exchange(ref _awaited, 0) == 1)
        {
            Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }
}
