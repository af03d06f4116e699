using FsCheck;
using FsCheck.Fluent;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Events;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>Events are numbered without gaps, routed by the rules of their moment, counted, and kept within bounds.</summary>
public sealed class EventProperties
{
    [Fact]
    public void Publish_AnyWorkload_IsNumberedWithoutGapsAndRouted() =>
        Properties.Hold(Scripts.Events, script =>
        {
            var replica = new Replica();
            long sequence = 0;
            foreach (var step in script)
            {
                var routing = replica.State.Events.Routing;
                var command = step.Resolve(replica.State)!;
                var result = replica.Apply(command);
                var events = replica.Events.OfType<StateEvent.EventPublished>().Select(each => each.Event).ToList();
                Assert.Equal(events.Select((_, i) => sequence + i + 1), events.Select(each => each.Sequence));
                sequence += events.Count;
                if (command is EventPublish publish)
                {
                    var done = Assert.IsType<CommandResult.EventPublished>(result);
                    Assert.Equal(routing.TargetsOf(publish.Topic), events.Select(each => each.Topic));
                    Assert.All(events, each => Assert.Equal(each.Topic == publish.Topic ? null : publish.Topic, each.From));
                    Assert.Equal(events.FirstOrDefault(each => each.From is null)?.Sequence, done.Sequence);
                }
            }

            Assert.Equal(sequence, replica.State.Events.LastSequence);
            Assert.Equal(sequence, replica.State.Events.Topics().Sum(topic => topic.Published));
            Assert.Equal(sequence, replica.State.Events.After(0).Count());
            Assert.Equal(
                replica.State.Events.Counters.Published + replica.State.Events.Counters.Forwarded - replica.State.Events.Counters.Dropped, sequence);
        }, times: 100);

    [Fact]
    public void Kept_BeyondTheirBounds_TheOldestGo()
    {
        var replica = new Replica();
        for (var i = 0; i < EventTable.KeptEvents + 10; i++)
        {
            replica.Apply(new EventPublish("a", default));
        }

        Assert.Equal((11, EventTable.KeptEvents + 10L), (replica.State.Events.FirstSequence, replica.State.Events.LastSequence));
        for (var i = 0; i < 20; i++)
        {
            replica.Apply(new EventPublish("a", new byte[1 << 20]));
        }

        Assert.True(replica.State.Events.Bytes <= EventTable.KeptBytes);
        Assert.Equal(15, replica.State.Events.Count);
        Assert.Equal(replica.State.Freeze().Hash(), replica.FromSnapshot().State.Freeze().Hash());
        Assert.Equal(replica.State.Events.Bytes, replica.FromSnapshot().State.Events.Bytes);
    }

    [Fact]
    public void Topics_MoreThanAreCounted_TheSilentOneIsForgotten()
    {
        var replica = new Replica();
        for (var i = 0; i <= EventTable.CountedTopics; i++)
        {
            replica.Apply(new EventPublish($"t{i}", default));
            replica.Apply(new EventPublish("t0", default));
        }

        var topics = replica.State.Events.Topics().Select(topic => topic.Topic).ToHashSet();
        Assert.Equal(EventTable.CountedTopics, topics.Count);
        Assert.Contains("t0", topics);
        Assert.DoesNotContain("t1", topics);
    }

    [Theory]
    [InlineData("a.b", "a.b", true)]
    [InlineData("a.b", "a.b.c", false)]
    [InlineData("a.b.c", "a.b", false)]
    [InlineData("a.*", "a.b", true)]
    [InlineData("a.*", "a", false)]
    [InlineData("a.*", "a.b.c", false)]
    [InlineData("*.b", "a.b", true)]
    [InlineData("a.#", "a", true)]
    [InlineData("a.#", "a.b", true)]
    [InlineData("a.**", "a.b.c", true)]
    [InlineData("a.#", "ab", false)]
    [InlineData("#", "a.b.c", true)]
    [InlineData("*", "a", true)]
    [InlineData("*", "a.b", false)]
    [InlineData("a.*.c.#", "a.b.c", true)]
    [InlineData("a.*.c.#", "a.b.c.d.e", true)]
    [InlineData("a.*.c.#", "a.b.d", false)]
    public void Pattern_Matches_SegmentBySegment(string pattern, string topic, bool matches) =>
        Assert.Equal(matches, TopicPattern.Matches(pattern, topic));

    [Theory]
    [InlineData("a", true, true)]
    [InlineData("a.b-c_d/e", true, true)]
    [InlineData("*.a", false, true)]
    [InlineData("a.#", false, true)]
    [InlineData("**", false, true)]
    [InlineData("#.a", false, false)]
    [InlineData("a*", false, false)]
    [InlineData("a.***", false, false)]
    [InlineData("", false, false)]
    [InlineData(".a", false, false)]
    [InlineData("a.", false, false)]
    [InlineData("a..b", false, false)]
    public void Text_IsTopicOrPattern(string text, bool topic, bool pattern) =>
        Assert.Equal((topic, pattern), (TopicPattern.IsTopic(text), TopicPattern.IsPattern(text)));

    [Fact]
    public void Pattern_AnyTopic_MatchesItselfAndItsGeneralisations()
    {
        var topics = Gen.Elements("a", "bb", "c-1").ArrayOf().Where(segments => segments.Length > 0);
        Properties.Hold(topics, segments =>
        {
            var topic = string.Join('.', segments);
            Assert.True(TopicPattern.Matches(topic, topic));
            for (var i = 0; i < segments.Length; i++)
            {
                Assert.True(TopicPattern.Matches(string.Join('.', segments.Select((segment, at) => at == i ? "*" : segment)), topic));
                Assert.True(TopicPattern.Matches(string.Join('.', segments.Take(i).Append("#")), topic));
                Assert.False(TopicPattern.Matches(string.Join('.', segments.Take(i).Append("other")), topic));
            }

            Assert.False(TopicPattern.Matches(topic + ".*", topic));
        });
    }
}
