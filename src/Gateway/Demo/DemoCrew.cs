using System.Text.Json;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Events;
using Quorate.Core.StateMachine.Kv;

namespace Quorate.Gateway.Demo;

/// <summary>The shop's crew: who runs the nightly report is elected, and what happens in the shop is told on the event bus.</summary>
internal sealed class DemoCrew(Func<Command, CancellationToken, Task<CommandResult>> execute)
{
    private const string Report = "demo/nightly-report";
    private const string Foreman = "demo/foreman";
    private const string Limits = "demo/config/limits";

    private static readonly string[] Kinds = ["order.created", "order.paid", "order.sent", "stock.low", "return.received"];

    /// <summary>Stands, or stands on; a candidacy lasts a little longer than the next time.</summary>
    public async Task Stand(string worker, CancellationToken cancel)
    {
        foreach (var election in (string[])[Report, Foreman])
        {
            await execute(new ElectionCampaign(election, worker, Json(new { host = $"{worker[5..]}.shop.example", version = 3 }), TtlMs: 8_000, Session: null), cancel);
        }
    }

    /// <summary>The leader hands over now and then.</summary>
    public Task HandOver(string worker, CancellationToken cancel) => execute(new ElectionResign(Report, worker, Token: null), cancel);

    public Task Tell(CancellationToken cancel) => execute(
        new EventPublish($"demo.{Kinds[Random.Shared.Next(Kinds.Length)]}", Json(new { order = Random.Shared.Next(1000, 9999), amount = Random.Shared.Next(5, 200) })), cancel);

    /// <summary>One key whose history is worth a look.</summary>
    public Task Adjust(CancellationToken cancel) => execute(
        new KvPut(Limits, null, null, Json(new { ordersPerMinute = Random.Shared.Next(4, 9) * 10, packers = Random.Shared.Next(2, 5), overtime = Random.Shared.Next(3) == 0 })), cancel);

    private static byte[] Json(object value) => JsonSerializer.SerializeToUtf8Bytes(value);
}
