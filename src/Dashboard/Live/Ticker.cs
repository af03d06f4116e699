namespace Quorate.Dashboard.Live;

/// <summary>One beat a second per circuit, for everything that counts down or grows old on the screen.</summary>
public sealed class Ticker(TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private ITimer? _timer;

    /// <summary>Raised off the circuit's thread.</summary>
    public event Action? Ticked;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Later calls do nothing.</summary>
    public void Start() => _timer ??= time.CreateTimer(_ => Ticked?.Invoke(), null, Period, Period);

    public void Dispose() => _timer?.Dispose();
}
