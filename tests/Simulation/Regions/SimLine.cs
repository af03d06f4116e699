using Quorate.Core.Codec;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Regions;

/// <summary>What lies between regions and the coordinator: loses, repeats, delays, and is cut for hours. Everything goes through its bytes.</summary>
internal sealed class SimLine(Timeline time, SeededRandom random, SimRegion coordinator, double lost, double repeated)
{
    private readonly List<(PullRequest Request, Action<RegionMessage> Answer, long Until)> _waiting = [];
    private readonly SortedSet<string> _cut = new(StringComparer.Ordinal);
    private bool _isHealed;

    public void Cut(string region, string other) => _cut.Add(Pair(region, other));

    public void Heal(string region, string other) => _cut.Remove(Pair(region, other));

    /// <summary>From now on nothing is lost or cut any more.</summary>
    public void HealAll()
    {
        _isHealed = true;
        _cut.Clear();
    }

    /// <summary>Sends a message of a region; exactly one of both is called in the end.</summary>
    public void Send(string region, RegionMessage message, Action<RegionMessage> answer, Action<string> fail)
    {
        time.After(Delay(), () => Arrive(region, message, answer, fail));
        if (!_isHealed && random.Chance(repeated))
        {
            // Again, when nobody thinks of it any more.
            time.After(random.Between(1, 600) * Duration.Second, () => Arrive(region, message, _ => { }, _ => { }));
        }
    }

    /// <summary>The coordinator's state has changed: who waits for that may get an answer.</summary>
    public void Changed()
    {
        foreach (var waiting in _waiting.ToList())
        {
            var answer = Pull(waiting.Request);
            if (answer is not PullAnswer { IsEmpty: true } && _waiting.Remove(waiting))
            {
                waiting.Answer(answer);
            }
        }
    }

    private void Arrive(string region, RegionMessage message, Action<RegionMessage> answer, Action<string> fail)
    {
        if (!coordinator.IsUp || IsCut(region, coordinator.Id) || IsLost())
        {
            time.After(Delay(), () => fail(RefusalCodes.Unavailable));
            return;
        }

        Answer(Reread(message), result => time.After(Delay(), () =>
        {
            if (IsCut(region, coordinator.Id) || IsLost())
            {
                fail(RefusalCodes.Unavailable);
            }
            else if (result is RefusedAnswer refused)
            {
                fail(refused.Code);
            }
            else
            {
                answer(Reread(result));
            }
        }));
    }

    private void Answer(RegionMessage message, Action<RegionMessage> answer)
    {
        switch (message)
        {
            case HelloRequest hello:
                answer(coordinator.Apply(new CoordinatorHello(hello.Region, hello.Session, hello.Settled)) is ExchangeResult.CoordinatorStanding standing
                    ? new HelloAnswer(standing.Received, standing.Refusals, CoordinatorAnswers.Others(coordinator.State, hello.Region))
                    : new RefusedAnswer(RefusalCodes.StaleSession, ""));
                break;
            case PushRequest push:
                var result = coordinator.Apply(new CoordinatorRecord(push.Region, push.Session, push.Settled, push.Changes));
                answer(result switch
                {
                    ExchangeResult.CoordinatorStanding taken => new PushAnswer(taken.Received, taken.Refusals),
                    ExchangeResult.CoordinatorRefused refused => new RefusedAnswer(refused.Code, refused.Detail),
                    _ => throw new InvalidOperationException($"{result}"),
                });
                Changed();
                break;
            case PullRequest pull:
                coordinator.Apply(new CoordinatorAck(pull.Region, pull.Held));
                Wait(pull, answer);
                break;
            case CopyRequest copy:
                answer(new CopyAnswer(
                    [.. coordinator.State.Documents.ExportChanges()], CoordinatorAnswers.CopyPositions(coordinator.State, copy.Region), Next: null));
                break;
            default:
                throw new InvalidOperationException(message.GetType().Name);
        }
    }

    private void Wait(PullRequest pull, Action<RegionMessage> answer)
    {
        var first = Pull(pull);
        if (first is not PullAnswer { IsEmpty: true } || pull.WaitMs == 0)
        {
            answer(first);
            return;
        }

        var waiting = (pull, answer, time.Now + (pull.WaitMs * Duration.Millisecond));
        _waiting.Add(waiting);
        time.At(waiting.Item3, () =>
        {
            if (_waiting.Remove(waiting))
            {
                answer(Pull(pull));
            }
        });
    }

    private RegionMessage Pull(PullRequest pull) => CoordinatorAnswers.Pull(coordinator.State, pull, origin => IsCut(origin, pull.Region));

    private bool IsLost() => !_isHealed && random.Chance(lost);

    private bool IsCut(string region, string other) => _cut.Contains(Pair(region, other));

    private long Delay() => random.Between(1, 200) * Duration.Millisecond;

    private static string Pair(string left, string right) => string.CompareOrdinal(left, right) < 0 ? $"{left} {right}" : $"{right} {left}";

    private static RegionMessage Reread(RegionMessage message)
    {
        var writer = new ByteWriter();
        RegionMessageCodec.Write(writer, message);
        return RegionMessageCodec.Read(writer.ToArray());
    }
}
