using System.Diagnostics;

namespace Quorate.Client.Tests;

/// <summary>Waits for what other threads are about to do, with a deadline that a working system never comes near.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task HoldsAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Deadline, $"The condition did not hold within {Deadline.TotalSeconds} seconds.");
            await Task.Delay(5);
        }
    }
}
