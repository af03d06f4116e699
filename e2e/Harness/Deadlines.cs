namespace Quorate.EndToEnd.Harness;

/// <summary>How long a test waits for what should happen soon; generous, because a busy machine is not a defect.</summary>
internal static class Deadlines
{
    public static readonly TimeSpan Condition = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan ProcessStart = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks again and again until the condition holds.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        var end = DateTime.UtcNow + Condition;
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < end, $"Not within {Condition.TotalSeconds} s: {what}");
            await Task.Delay(Pause);
        }
    }

    public static Task EventuallyAsync(Func<bool> condition, string what) => EventuallyAsync(() => Task.FromResult(condition()), what);
}
