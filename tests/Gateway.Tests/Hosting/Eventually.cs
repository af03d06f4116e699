using System.Diagnostics;

namespace Quorate.Gateway.Tests.Hosting;

/// <summary>Waits for a condition, with a deadline that a working system never comes near.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static Task HoldsAsync(Func<bool> condition) => HoldsAsync(() => Task.FromResult(condition()));

    public static async Task HoldsAsync(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < Deadline, $"The condition did not hold within {Deadline.TotalSeconds} seconds.");
            await Task.Delay(Pause);
        }
    }
}
