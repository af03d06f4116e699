using System.Text.Json;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;
using Quorate.Gateway.Hosting;

namespace Quorate.Gateway.Demo;

/// <summary>The customers of the demo's shop: documents that change, and now and then go.</summary>
internal sealed class DemoDocuments(Func<Command, CancellationToken, Task<CommandResult>> execute)
{
    private const string Customers = "demo/customers";
    private const int Known = 40;

    private static readonly string[] Cities = ["Bergen", "Bodø", "Oslo", "Tromsø", "Ålesund"];

    public async Task Serve(CancellationToken cancel)
    {
        var number = Random.Shared.Next(Known);
        var key = $"customer-{number:00}";
        Command command = Random.Shared.Next(20) == 0
            ? new DocumentDelete(Customers, key, Expected: null, ClusterOptions.LocalRegion)
            : new DocumentPut(Customers, key, Expected: null, ClusterOptions.LocalRegion, JsonSerializer.SerializeToUtf8Bytes(
                new { number, city = Cities[Random.Shared.Next(Cities.Length)], orders = Random.Shared.Next(1, 90) }));
        if (await execute(command, cancel) is DocumentResult.CollectionNotFound)
        {
            await execute(new CollectionCreate(Customers, ConflictStrategy.LastWriterWins), cancel);
        }
    }
}
