using System.Text.Json;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;
using Quorate.Gateway.Regions;
using Quorate.Node.Access;

namespace Quorate.Gateway.Demo;

/// <summary>What the demo does when there are several regions: each has customers of its own that change, and now and then two clerks note the same delivery at once.</summary>
internal sealed class DemoRegions(RegionSet regions)
{
    private const string Deliveries = "demo/deliveries";
    private const int Known = 30;

    /// <summary>Conflicts left for whoever looks at the demo; no more are made while so many wait.</summary>
    private const int MaxOpen = 5;

    private static readonly string[] Places = ["at the door", "with a neighbour", "in the depot", "returned"];

    /// <summary>A customer changes in one of the regions that the rest of the demo does not touch.</summary>
    public Task Serve(CancellationToken cancel)
    {
        var region = regions.Served[Random.Shared.Next(1, regions.Served.Count)];
        return new DemoDocuments((command, token) => Execute(region, command, token), region.Id).Serve(cancel);
    }

    /// <summary>Two regions write the same document; when neither sees the other's change in time, somebody has to decide.</summary>
    public async Task Collide(CancellationToken cancel)
    {
        if (regions.First.Cluster.Peek(state => state.Regions.Conflicts.Open) >= MaxOpen)
        {
            return;
        }

        var key = $"delivery-{Random.Shared.Next(Known):00}";
        var two = regions.Served.OrderBy(_ => Random.Shared.Next()).Take(2).ToList();
        await Task.WhenAll(two.Select(region => Note(region, key, cancel)));
    }

    private static async Task Note(Region region, string key, CancellationToken cancel)
    {
        var value = JsonSerializer.SerializeToUtf8Bytes(new { place = Places[Random.Shared.Next(Places.Length)], clerk = $"{region.Id}-{Random.Shared.Next(1, 9)}" });
        var note = new DocumentPut(Deliveries, key, Expected: null, region.Id, value);
        if (await Execute(region, note, cancel) is DocumentResult.CollectionNotFound)
        {
            await Execute(region, new CollectionCreate(Deliveries, ConflictStrategy.Manual), cancel);
            await Execute(region, note, cancel);
        }
    }

    private static Task<CommandResult> Execute(Region region, Command command, CancellationToken cancel) =>
        region.Cluster.ExecuteAsync(command, new WriteOptions(Reason: "demo"), cancel);
}
