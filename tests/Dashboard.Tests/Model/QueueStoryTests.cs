using Quorate.Contracts.Queues;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class QueueStoryTests
{
    private static readonly QueueRates Still = new(0, 0, 0);

    [Fact]
    public void Mood_NothingMoves_IsIdle() => Assert.Equal(QueueMood.Idle, Mood(Examples.Queue("q"), Still, 0));

    [Fact]
    public void Mood_AsMuchGoesAsComes_IsFlowing() =>
        Assert.Equal(QueueMood.Flowing, Mood(Examples.Queue("q", ready: 5), new QueueRates(10, 10, 10), 0.5));

    [Fact]
    public void Mood_ReadyGrows_IsGrowing() => Assert.Equal(QueueMood.Growing, Mood(Examples.Queue("q", ready: 5), new QueueRates(10, 5, 5), 5));

    [Fact]
    public void Mood_OldAndNobodyTakes_IsStuck() => Assert.Equal(QueueMood.Stuck, Mood(Examples.Queue("q", ready: 5, oldestSeconds: 10), new QueueRates(3, 0, 0), 3));

    [Fact]
    public void Mood_AtItsLimit_IsFull()
    {
        var view = Examples.Queue("q", ready: 5, delayed: 5) with { Configuration = new QueueConfiguration(MaxLength: 10, Overflow: QueueOverflows.Reject) };

        Assert.Equal(QueueMood.Full, Mood(view, Still, 0));
    }

    [Fact]
    public void Trail_FedSecondBySecond_KnowsRatesGrowthAndOneMinute()
    {
        var trail = new QueueTrail(Examples.Queue("q"), Examples.Now);
        for (var second = 1; second <= 90; second++)
        {
            trail.Add(Examples.Queue("q", ready: 3 * second, enqueued: 10 * second), Examples.Now.AddSeconds(second));
        }

        Assert.Equal((10, 3, QueueTrail.Kept), (trail.Rates.Enqueued, trail.Growth, trail.Depths.Count));
    }

    [Fact]
    public void Trail_CountersStandStill_RatesFallToNothing()
    {
        var trail = new QueueTrail(Examples.Queue("q", enqueued: 100), Examples.Now);
        for (var second = 1; second <= 10; second++)
        {
            trail.Add(Examples.Queue("q", enqueued: 150), Examples.Now.AddSeconds(second));
        }

        Assert.Equal(5, trail.Rates.Enqueued);
        trail.Add(Examples.Queue("q", enqueued: 150), Examples.Now.AddSeconds(11));
        Assert.Equal(Still, trail.Rates);
    }

    [Fact]
    public void Trail_InItsFirstSeconds_TakesTheGatewaysRatesForGrowthToo()
    {
        var trail = new QueueTrail(Examples.Queue("q", ready: 33) with { Rates = new QueueRates(20, 9, 9) }, Examples.Now);

        Assert.Equal((20, 11), (trail.Rates.Enqueued, trail.Growth));
    }

    [Theory]
    [InlineData(20, 9, 11, "Queue.Story.Growing")]
    [InlineData(7, 13, 5, "Queue.Story.Returning")]
    [InlineData(4, 12, -8, "Queue.Story.Shrinking")]
    [InlineData(10, 10, 0, "Queue.Story.Flowing")]
    public void Sentence_DoesNotContradictItsFigures(double enqueued, double delivered, double growth, string sentence)
    {
        var (view, rates) = (Examples.Queue("q", ready: 50), new QueueRates(enqueued, delivered, delivered));

        Assert.Equal(sentence, QueueStory.SentenceOf(view, rates, growth, Mood(view, rates, growth)));
    }

    private static QueueMood Mood(QueueView view, QueueRates rates, double growth) => QueueStory.MoodOf(view, rates, growth, Examples.Now);
}
