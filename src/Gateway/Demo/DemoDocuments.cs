using System.Text.Json;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Gateway.Demo;

/// <summary>The customers of the demo's shop: documents that change, and now and then go and come back.</summary>
internal sealed class DemoDocuments(Func<Command, CancellationToken, Task<CommandResult>> execute, string region)
{
    private const string Customers = "demo/customers";
    private const int Known = 40;

    /// <summary>One of so many changes is a deletion.</summary>
    private const int DeletionEvery = 20;

    private static readonly string[] Cities = ["Bergen", "Bodø", "Oslo", "Tromsø", "Ålesund"];

    public async Task Serve(CancellationToken cancel)
    {
        var number = Random.Shared.Next(Known);
        DocumentCommand change = Random.Shared.Next(DeletionEvery) == 0
            ? new DocumentDelete(Customers, Key(number), Expected: null, region)
            : Write(number);
        if (await execute(change, cancel) is not DocumentResult.CollectionNotFound)
        {
            return;
        }

        await execute(new CollectionCreate(Customers, ConflictStrategy.LastWriterWins), cancel);
        for (var i = 0; i < Known; i++)
        {
            await execute(Write(i), cancel);
        }
    }

    private static string Key(int number) => $"customer-{number:00}";

    private DocumentPut Write(int number) => new DocumentPut(
        Customers,
        Key(number),
        Expected: null,
        region,
        JsonSerializer.SerializeToUtf8Bytes(
            new { number, city = Cities[Random.Shared.Next(Cities.Length)], orders = Random.Shared.Next(1, 90) }));
}
