using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Contracts.Regions;
using Quorate.Gateway.Regions;
using Quorate.Gateway.Tests.Hosting;
using Quorate.Node.Replication.Regions;

namespace Quorate.Gateway.Tests.Regions;

/// <summary>Agents of three regions over real sockets.</summary>
public sealed class RegionAgentWorkerTests : IAsyncDisposable
{
    private readonly Dictionary<string, MemoryRegion> _regions = new() { ["eu"] = new("eu"), ["us"] = new("us"), ["ap"] = new("ap") };
    private readonly Dictionary<string, (RegionAgentWorker Worker, CancellationTokenSource Stop, Task Run)> _agents = [];
    private readonly List<IDisposable> _links = [];
    private readonly RegionLinkGate _gate = new();
    private readonly RegionCoordinator _coordinator;
    private readonly RegionLinkListener _listener;

    public RegionAgentWorkerTests()
    {
        _coordinator = new RegionCoordinator(_regions["eu"], _gate, TimeProvider.System);
        _listener = RegionLinkListener.StartAsync(
            new RegionListenerOptions(new IPEndPoint(IPAddress.Loopback, 0), "secret"), _coordinator, NullLoggerFactory.Instance, default).GetAwaiter().GetResult();
        foreach (var region in _regions.Keys)
        {
            Start(region);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var region in _agents.Keys.ToList())
        {
            await StopAsync(region);
        }

        _links.ForEach(link => link.Dispose());
        await _listener.DisposeAsync();
        _coordinator.Dispose();
    }

    [Fact]
    public async Task Writes_InEachRegion_ReachTheOthersAndAreMeasured()
    {
        foreach (var (name, region) in _regions)
        {
            for (var i = 0; i < 50; i++)
            {
                region.Put($"{name}-{i}", $$"""{"n":{{i}}}""");
            }
        }

        await AgreeAsync(150);

        await Eventually.HoldsAsync(() => _agents["ap"].Worker.Status is { Phase: RegionPhases.Streaming, Error: null });
        var from = _agents["ap"].Worker.Status.Origins.Single(origin => origin.Origin == "us");
        Assert.Equal((51, 51, 0), (from.Position, from.Received, from.LagOperations));
        Assert.NotNull(from.Lag);
        Assert.True(from.EventsPerMinute >= 51);
    }

    [Fact]
    public async Task AgentsKilledAtAnyMoment_LoseNothing()
    {
        var random = new Random(7);
        for (var i = 0; i < 60; i++)
        {
            _regions["us"].Put($"us-{i}", $$"""{"n":{{i}}}""");
            _regions["ap"].Put($"ap-{i}", $$"""{"n":{{i}}}""");
            if (i % 4 == 0)
            {
                // At whatever await it stands now.
                await Task.Delay(random.Next(15));
                await StopAsync(i % 8 == 0 ? "us" : "ap");
                Start(i % 8 == 0 ? "us" : "ap");
            }
        }

        await AgreeAsync(120);
    }

    [Fact]
    public async Task ACutRegion_QueuesAndCatchesUp()
    {
        await Eventually.HoldsAsync(() => _agents["us"].Worker.Status.Phase == RegionPhases.Streaming);
        _gate.Set("us", "eu", cut: true);
        await Eventually.HoldsAsync(() => _agents["us"].Worker.Status.Phase == RegionPhases.Disconnected);
        _regions["us"].Put("both", """{"by":"us"}""");
        _regions["ap"].Put("both", """{"by":"ap"}""");
        await Eventually.HoldsAsync(() => _regions["eu"].Documents == 1);
        Assert.True(_agents["us"].Worker.Status.Failures["cut"] > 0);

        _gate.Set("us", "eu", cut: false);
        _agents["us"].Worker.Wake();

        await AgreeAsync(1);
        Assert.All(_regions.Values, region => Assert.Single(region.Peek(state => state.Regions.Conflicts.All().ToList())));
        Assert.Equal(1, _agents["us"].Worker.Status.Concurrent);
    }

    [Fact]
    public async Task ARegionWhoseClockJumps_IsShownAsRefusedAndGoesOnWhenItIsRight()
    {
        var options = _regions["us"].Peek(state => state.Regions.Settings!);
        Assert.Equal(10_000, options.ClockBudgetMs);
        _regions["us"].AheadMs = 13_000;
        _regions["us"].Put("early", """{"n":1}""");

        await Eventually.HoldsAsync(() => _agents["us"].Worker.Status.Failures.GetValueOrDefault("clock_skew") > 0);
        Assert.Equal(0, _regions["ap"].Documents);
        Assert.Contains("in the future", _regions["us"].Peek(state => state.Outbox.Of(Core.Replication.Regions.Exchange.OutboxState.Retrying).FirstOrDefault()?.Error) ?? "in the future");

        await AgreeAsync(1);
    }

    private async Task AgreeAsync(long documents)
    {
        await Eventually.HoldsAsync(() => _regions.Values.All(region => region.Documents == documents && region.Peek(state => state.Outbox.Count) == 0));
        await Eventually.HoldsAsync(() => _regions.Values.All(region => region.Contents().SequenceEqual(_regions["eu"].Contents())));
    }

    private void Start(string region)
    {
        IRegionLink link = _coordinator;
        if (region != "eu")
        {
            var http = new HttpRegionLink(new HttpRegionLinkOptions { Coordinator = () => _listener.Address, Secret = "secret" });
            _links.Add(http);
            link = http;
        }

        var options = new RegionAgentOptions { Lease = TimeSpan.FromMilliseconds(300), LongestPause = TimeSpan.FromMilliseconds(500), MaxChanges = 20 };
        var worker = new RegionAgentWorker(region, _regions[region], link, options, TimeProvider.System, NullLogger.Instance);
        var stop = new CancellationTokenSource();
        _agents[region] = (worker, stop, Task.Run(() => worker.RunAsync(stop.Token)));
    }

    private async Task StopAsync(string region)
    {
        var (_, stop, run) = _agents[region];
        await stop.CancelAsync();
        await run;
        stop.Dispose();
    }
}
