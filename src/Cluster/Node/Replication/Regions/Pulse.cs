namespace Quorate.Node.Replication.Regions;

/// <summary>Wakes whoever waits. A pulse that nobody waits for is not remembered: take <see cref="Next"/> before looking.</summary>
internal sealed class Pulse
{
    private TaskCompletionSource _next = New();

    public Task Next => Volatile.Read(ref _next).Task;

    public void Beat() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
