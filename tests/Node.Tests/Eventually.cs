namespace Quorate.Node.Tests;

/// <summary>Waits for a condition instead of for a time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static void True(Func<bool> condition, string what)
    {
        if (!SpinWait.SpinUntil(condition, Deadline))
        {
            Assert.Fail($"not within {Deadline.TotalSeconds} s: {what}");
        }
    }
}
