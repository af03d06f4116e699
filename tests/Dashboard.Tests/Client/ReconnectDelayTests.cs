using Quorate.Client;

namespace Quorate.Dashboard.Tests.Client;

public class ReconnectDelayTests
{
    private readonly ReconnectDelay _delay = new();

    [Theory]
    [InlineData(0, 0.25)]
    [InlineData(1, 0.5)]
    [InlineData(4, 4)]
    [InlineData(5, 5)]
    [InlineData(1_000_000, 5)]
    public void For_Attempt_DoublesUpToFiveSeconds(int attempt, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), _delay.For(attempt, chance: 0));

    [Fact]
    public void For_Chance_AddsAtMostAFifth() => Assert.Equal(TimeSpan.FromSeconds(6), _delay.For(10, chance: 1));
}
