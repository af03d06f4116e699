using FsCheck;
using FsCheck.Fluent;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Tests.Replication.Regions;

/// <summary>Agents over a bad line: every change arrives, and all regions end with the same documents and the same ledger.</summary>
public sealed class RegionAgentTests
{
    [Fact]
    public void Regions_AfterAnOutage_GoThroughTheStepsOfAReconnectInOrder()
    {
        var world = new RegionWorld(seed: 1);
        world.Cut.Add("us");
        world.Run(500);
        for (var i = 0; i < 30; i++)
        {
            world.Put("us", $"u{i}", $"{i}");
            world.Put("ap", $"a{i}", $"{i}");
        }

        world.Run(3000);
        Assert.Equal(AgentPhase.Disconnected, world.Agent("us").Phase);
        Assert.Equal(31, world["us"].State.Outbox.Count);
        world.Cut.Clear();
        world.Phases.Clear();
        world.Settle();
        world.Run(1000);

        var phases = world.Phases.Where(item => item.Region == "us").Select(item => item.Phase).ToList();
        AgentPhase[] order = [AgentPhase.Fetching, AgentPhase.Comparing, AgentPhase.Applying, AgentPhase.Pushing, AgentPhase.Streaming];
        Assert.Equal(order, order.OrderBy(phase => phases.IndexOf(phase)));
        Assert.DoesNotContain(phases[..phases.IndexOf(AgentPhase.Fetching)], phase => phase != AgentPhase.Disconnected);
        Assert.True(phases.LastIndexOf(AgentPhase.Applying) < phases.IndexOf(AgentPhase.Pushing), string.Join(' ', phases));
        Agree(world);
        Assert.Equal(60, world["eu"].State.Documents.Documents);
    }

    [Fact]
    public void Regions_OvertakenByTheLog_TakeACopyAndGoOn()
    {
        var world = new RegionWorld(seed: 2, keepEvents: 10);
        world.Put("us", "before", "1");
        world.Settle();
        world.Cut.Add("us");
        for (var i = 0; i < 50; i++)
        {
            world.Put("ap", $"a{i}", $"{i}");
            world.Run(100);
        }

        world.Put("us", "meanwhile", "1");
        world.Cut.Clear();
        world.Settle();

        Assert.Contains(("us", AgentPhase.Copying), world.Phases);
        Agree(world);
        Assert.Equal(52, world["us"].State.Documents.Documents);
    }

    [Fact]
    public void Regions_AnyWorkloadOverABadLineWithAgentsThatDie_AgreeAndLoseNothing()
    {
        var runs =
            from seed in Gen.Choose(0, 1_000_000)
            from steps in (from what in Gen.Choose(0, 11) from a in Gen.Choose(0, 8) from b in Gen.Choose(0, 99) select (what, a, b)).ListOf()
            select (seed, steps);
        Properties.Hold(runs, run =>
        {
            var world = new RegionWorld(run.seed) { Line = (run.seed % 20, run.seed % 30) };
            foreach (var (what, a, b) in run.steps)
            {
                var (region, strategy) = (RegionWorld.Names[a % 3], (ConflictStrategy)(1 + (b % 3)));
                switch (what)
                {
                    case < 5:
                        world.Put(region, $"k{a / 3}", $"{b}", strategy);
                        break;
                    case 5:
                        world.Delete(region, $"k{a / 3}", strategy);
                        break;
                    case 6:
                        world.KillAgent(region);
                        break;
                    case 7:
                        world.Cut.Add(region);
                        break;
                    case 8:
                        world.Cut.Remove(region);
                        break;
                    default:
                        world.Run(10 * b);
                        break;
                }
            }

            world.Cut.Clear();
            world.Line = default;
            world.Settle();
            Agree(world);
            Assert.All(RegionWorld.Names, name =>
            {
                var counters = world[name].State.Outbox.Counters;
                Assert.Equal(counters.Enqueued, counters.Acknowledged);
            });
        }, times: 60);
    }

    [Fact]
    public void Agent_WhoseLeaseAnotherHolds_WaitsAndTakesOver()
    {
        var world = new RegionWorld(seed: 3);
        world.Put("us", "a", "1");
        world.Run(300);
        world.KillAgent("us");
        world.Put("us", "b", "1");
        world.Run(300);
        Assert.Equal(AgentPhase.Disconnected, world.Agent("us").Phase);

        world.Settle();

        Agree(world);
        Assert.Equal(2, world["ap"].State.Documents.Documents);
    }

    private static void Agree(RegionWorld world)
    {
        foreach (var name in RegionWorld.Names)
        {
            Assert.Equal(world.Contents(RegionWorld.Coordinator), world.Contents(name));
            Assert.Equal(world.Ledger(RegionWorld.Coordinator), world.Ledger(name));
        }
    }
}
