namespace Quorate.Dashboard.Tests.Fakes;

/// <summary>The time of day is what the test says; timers run as usual.</summary>
internal sealed class SettableClock : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 14, 3, 20, TimeSpan.Zero);

    public DateTimeOffset Now { get; set; } = Start;

    public override DateTimeOffset GetUtcNow() => Now;
}
