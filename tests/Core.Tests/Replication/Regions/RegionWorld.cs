using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.Tests.StateMachine;

namespace Quorate.Core.Tests.Replication.Regions;

/// <summary>
/// Three regions with their agents and a line between them that loses, repeats and delays, in virtual time: everything that happens follows
/// from the seed.
/// </summary>
internal sealed class RegionWorld
{
    public const string Coordinator = "eu";
    private const long StartMs = 1_000_000;

    public static readonly string[] Names = ["ap", "eu", "us"];

    private readonly SortedDictionary<string, Member> _members = new(StringComparer.Ordinal);
    private readonly List<Action> _underWay = [];
    private readonly Random _random;
    private long _now = StartMs;
    private int _agents;

    public RegionWorld(int seed, int keepEvents = 1000)
    {
        _random = new Random(seed);
        foreach (var name in Names)
        {
            var replica = new Replica();
            replica.Apply(new RegionConfigure(new RegionSettings(name, Names, Coordinator, KeepEvents: keepEvents, BrakeShare: 1)));
            _members[name] = new Member(replica, NewAgent(name));
        }
    }

    /// <summary>Of 100: how many messages and answers are lost, and how many messages come twice.</summary>
    public (int Lost, int Repeated) Line { get; set; }

    /// <summary>Regions that the coordinator is not reached from.</summary>
    public SortedSet<string> Cut { get; } = new(StringComparer.Ordinal);

    /// <summary>What each agent went through.</summary>
    public List<(string Region, AgentPhase Phase)> Phases { get; } = [];

    public Replica this[string region] => _members[region].Replica;

    public RegionAgent Agent(string region) => _members[region].Agent;

    public CommandResult Put(string region, string key, string json, ConflictStrategy strategy = ConflictStrategy.LastWriterWins)
    {
        this[region].Apply(new CollectionCreate($"c{strategy}", strategy));
        return this[region].Apply(new DocumentPut($"c{strategy}", key, null, region, System.Text.Encoding.UTF8.GetBytes(json)));
    }

    public CommandResult Delete(string region, string key, ConflictStrategy strategy = ConflictStrategy.LastWriterWins) =>
        this[region].Apply(new DocumentDelete($"c{strategy}", key, null, region));

    /// <summary>The region's cluster is replaced by one that was restored from a copy of it. Meanwhile nobody reaches it.</summary>
    public void Restore(string region, Replica copy)
    {
        Cut.UnionWith(Names);
        Run(3000);
        Cut.Clear();
        copy.Advance(_now - StartMs);
        _members[region] = new Member(copy, NewAgent(region));
    }

    /// <summary>The agent dies with everything that it had under way; what it sent may still arrive. Another begins when its lease has ended.</summary>
    public void KillAgent(string region) => _members[region] = _members[region] with { Agent = NewAgent(region) };

    /// <summary>Lets time pass, and what is under way arrive in any order.</summary>
    public void Run(long ms)
    {
        for (var until = _now + ms; _now < until; _now += 10)
        {
            foreach (var name in Names)
            {
                this[name].Advance(10);
                Step(name);
            }

            for (var left = _underWay.Count; left > 0 && _underWay.Count > 0; left--)
            {
                var next = _random.Next(_underWay.Count);
                var act = _underWay[next];
                _underWay.RemoveAt(next);
                act();
            }
        }
    }

    /// <summary>Runs until all regions are done with each other.</summary>
    public void Settle()
    {
        for (var i = 0; i < 600 && !IsSettled; i++)
        {
            Run(1000);
        }

        Assert.True(IsSettled, string.Join("; ", Names.Select(Describe)));
    }

    public List<string> Contents(string region) =>
    [
        .. this[region].State.Documents.Range("").SelectMany(collection => collection.Range("")
            .Select(document => $"{collection.Name}/{document.Key} {document.Rev} {Convert.ToHexString(document.Value.Span)} {document.ModifiedAt} {document.Clock}")
            .Prepend($"{collection.Name} {collection.Strategy}")),
    ];

    public List<string> Ledger(string region) =>
        [.. this[region].State.Regions.Conflicts.All().Select(conflict => $"{conflict.Id} {conflict.Key} {conflict.Settlements.Count}").Order(StringComparer.Ordinal)];

    private bool IsSettled => Names.All(name => this[name].State.Outbox.Count == 0 && Names.All(origin =>
        origin == name || this[name].State.Inbox.Get(origin).Position == (this[Coordinator].State.Coordinator.Get(origin)?.Received ?? 0)));

    private string Describe(string name)
    {
        var outbox = this[name].State.Outbox;
        var positions = string.Join(',', this[name].State.Inbox.Origins.Select(origin => $"{origin.Origin}:{origin.Position}"));
        return $"{name}: {Agent(name).Phase} {Agent(name).Error} waiting {outbox.Waiting} in flight {outbox.InFlight} retrying {outbox.Retrying} has {positions}";
    }

    private RegionAgent NewAgent(string region) => new(new AgentSettings($"{region}-{++_agents}", region, 7, 4000, 200, 20, 500, 1000));

    private void Step(string name)
    {
        var (replica, agent) = _members[name];
        var state = replica.State;
        agent.Step(new AgentSight(
            _now,
            state.Outbox.Waiting > 0 || state.Outbox.NextRetry?.UnixMs <= _now,
            [.. Names.Where(other => other != name).Select(other => new OriginPosition(other, state.Inbox.Get(other).Position))],
            _random.NextDouble()));
        foreach (var action in agent.TakeActions())
        {
            CarryOut(name, agent, action);
        }

        if (Phases.FindLast(item => item.Region == name).Phase != agent.Phase)
        {
            Phases.Add((name, agent.Phase));
        }
    }

    private void CarryOut(string name, RegionAgent agent, AgentAction action)
    {
        switch (action)
        {
            case AgentAction.Execute execute:
                Later(() =>
                {
                    var result = this[name].Apply(execute.Command);
                    Later(() => agent.OnResult(action.Id, result));
                });
                break;
            case AgentAction.Compare:
                Later(() => agent.OnCompared(action.Id, 0));
                break;
            case AgentAction.Send send:
                Later(() => Deliver(name, agent, send));
                if (Chance(Line.Repeated))
                {
                    // Much later, when nobody thinks of it any more.
                    var delay = _now + _random.Next(2000);
                    Later(() => DeliverStale(delay, name, send.Message));
                }

                break;
        }
    }

    private void DeliverStale(long at, string name, RegionMessage message)
    {
        if (_now < at)
        {
            Later(() => DeliverStale(at, name, message));
        }
        else
        {
            Answer(name, message);
        }
    }

    private void Deliver(string name, RegionAgent agent, AgentAction.Send send)
    {
        var isCut = Cut.Contains(name);
        if (isCut || Chance(Line.Lost))
        {
            Later(() => agent.OnFailure(send.Id, RefusalCodes.Unavailable, "lost on the way there"));
            return;
        }

        var answer = Answer(name, send.Message);
        Later(() =>
        {
            if (Chance(Line.Lost))
            {
                agent.OnFailure(send.Id, RefusalCodes.Unavailable, "lost on the way back");
            }
            else if (answer is RefusedAnswer refused)
            {
                agent.OnFailure(send.Id, refused.Code, refused.Detail);
            }
            else
            {
                agent.OnAnswer(send.Id, answer);
            }
        });
    }

    private RegionMessage Answer(string name, RegionMessage message)
    {
        var coordinator = this[Coordinator];
        switch (Reread(message))
        {
            case HelloRequest hello:
                var began = coordinator.Apply(new CoordinatorHello(hello.Region, hello.Session, hello.Settled));
                return began is ExchangeResult.CoordinatorStanding standing
                    ? Reread(new HelloAnswer(standing.Received, standing.Refusals, CoordinatorAnswers.Others(coordinator.State, name)))
                    : Refused(began);
            case PushRequest push:
                var recorded = coordinator.Apply(new CoordinatorRecord(push.Region, push.Session, push.Settled, push.Changes));
                return recorded is ExchangeResult.CoordinatorStanding taken ? Reread(new PushAnswer(taken.Received, taken.Refusals)) : Refused(recorded);
            case PullRequest pull:
                coordinator.Apply(new CoordinatorAck(name, pull.Held));
                return Reread(CoordinatorAnswers.Pull(coordinator.State, pull, _ => false));
            case CopyRequest:
                return Reread(new CopyAnswer(
                    [.. coordinator.State.Documents.ExportChanges()], CoordinatorAnswers.CopyPositions(coordinator.State, name), null));
            default:
                throw new InvalidOperationException(message.GetType().Name);
        }
    }

    /// <summary>Everything goes through its bytes.</summary>
    private static RegionMessage Reread(RegionMessage message)
    {
        var writer = new Core.Codec.ByteWriter();
        RegionMessageCodec.Write(writer, message);
        return RegionMessageCodec.Read(writer.ToArray());
    }

    private static RefusedAnswer Refused(CommandResult result)
    {
        var refused = Assert.IsType<ExchangeResult.CoordinatorRefused>(result);
        return new RefusedAnswer(refused.Code, refused.Detail);
    }

    private void Later(Action act) => _underWay.Add(act);

    private bool Chance(int percent) => _random.Next(100) < percent;

    private sealed record Member(Replica Replica, RegionAgent Agent);
}
