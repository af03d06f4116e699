using Quorate.Dashboard.Live;

namespace Quorate.Dashboard.Tests.Live;

public class ThrottleTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Ask_ManyTimesAtOnce_RunsOnceAtOnceAndOnceAfterwards()
    {
        var runs = 0;
        using var throttle = new Throttle(TimeProvider.System, Interval, _ => Task.FromResult(++runs));

        var first = throttle.AskAsync();
        for (var i = 0; i < 10; i++)
        {
            await throttle.AskAsync();
        }

        Assert.Equal(1, runs);
        await first;
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Ask_WhileRunning_NeverRunsTwiceAtOnce()
    {
        var release = new TaskCompletionSource();
        var running = 0;
        var most = 0;
        using var throttle = new Throttle(TimeProvider.System, Interval, async _ =>
        {
            most = Math.Max(most, ++running);
            await release.Task;
            running--;
        });

        var first = throttle.AskAsync();
        await throttle.AskAsync();
        release.SetResult();
        await first;

        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Ask_AfterAPause_RunsAgain()
    {
        var runs = 0;
        using var throttle = new Throttle(TimeProvider.System, Interval, _ => Task.FromResult(++runs));

        await throttle.AskAsync();
        await throttle.AskAsync();

        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Dispose_WhileWaiting_EndsQuietly()
    {
        var throttle = new Throttle(TimeProvider.System, TimeSpan.FromHours(1), _ => Task.CompletedTask);
        var asked = throttle.AskAsync();

        throttle.Dispose();

        await asked;
    }
}
