using System.Text.Json;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Queues;

namespace Quorate.Gateway.Demo;

/// <summary>
/// The shop's queues: orders of several priorities that two packers keep up with, mails of which some never arrive and become dead,
/// and reminders that wait for their time.
/// </summary>
internal sealed class DemoQueues(Func<Command, CancellationToken, Task<CommandResult>> execute)
{
    public const string Orders = "demo/orders";
    public const string Mails = "demo/mails";

    private const long WaitMs = 5_000;

    private static readonly string[] Customers = ["ines", "jun", "kofi", "lena", "mo"];

    private readonly Lock _gate = new();
    private Task? _created;

    /// <summary>A few orders; now and then many at once, so that the queue has something to work off.</summary>
    public async Task PlaceOrders(CancellationToken cancel)
    {
        await CreatedAsync(cancel);
        var count = Random.Shared.Next(12) == 0 ? Random.Shared.Next(20, 60) : Random.Shared.Next(1, 4);
        await execute(new QueueEnqueue(Orders, [.. Enumerable.Range(0, count).Select(_ => Order())]), cancel);
    }

    public async Task Pack(string packer, CancellationToken cancel)
    {
        await CreatedAsync(cancel);
        foreach (var message in await TakeAsync(Orders, packer, 4, cancel))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(60 + (120 * Random.Shared.NextDouble())), cancel);
            await execute(new QueueAck(Orders, [message.Receipt]), cancel);
            await execute(new QueueEnqueue(Mails, [Mail(message.Id)]), cancel);
        }
    }

    /// <summary>A few have an address that no mail reaches.</summary>
    public async Task SendMails(CancellationToken cancel)
    {
        await CreatedAsync(cancel);
        foreach (var message in await TakeAsync(Mails, "demo/postman", 10, cancel))
        {
            var reaches = message.Id % 50 != 7;
            await execute(reaches ? new QueueAck(Mails, [message.Receipt]) : new QueueNack(Mails, [message.Receipt], DelayMs: 2_000), cancel);
        }
    }

    /// <summary>Nobody looks after the demo for days.</summary>
    public async Task ClearDead(CancellationToken cancel)
    {
        await CreatedAsync(cancel);
        await execute(new QueuePurge(Mails, MessageState.Dead, Max: null), cancel);
    }

    private async Task<IReadOnlyList<QueueMessage>> TakeAsync(string queue, string consumer, int max, CancellationToken cancel) =>
        await execute(new QueueDequeue(queue, consumer, max, VisibilityMs: 20_000, WaitMs), cancel) is QueueResult.Delivered delivered
            ? delivered.Messages
            : [];

    private Task CreatedAsync(CancellationToken cancel)
    {
        lock (_gate)
        {
            return _created is null || _created.IsFaulted || _created.IsCanceled ? _created = CreateAsync(cancel) : _created;
        }
    }

    private async Task CreateAsync(CancellationToken cancel)
    {
        await execute(new QueueConfigure(Orders, QueueSettings.Default with { MaxLength = 10_000, Overflow = QueueOverflow.DropOldest }), cancel);
        await execute(new QueueConfigure(Mails, QueueSettings.Default with { MaxDeliveries = 3 }), cancel);
    }

    private static NewMessage Order()
    {
        var express = Random.Shared.Next(5) == 0;
        var order = new { customer = Customers[Random.Shared.Next(Customers.Length)], items = Random.Shared.Next(1, 9), express };
        return new NewMessage(
            JsonSerializer.SerializeToUtf8Bytes(order), (byte)(express ? 9 : Random.Shared.Next(0, 3)), DelayMs: 0, DedupId: null, [new("source", "shop")]);
    }

    /// <summary>The receipt goes out at once, the reminder to rate the shop a while later.</summary>
    private static NewMessage Mail(long order) => new(
        JsonSerializer.SerializeToUtf8Bytes(new { order, template = order % 4 == 0 ? "rate-us" : "packed" }),
        Priority: 3,
        DelayMs: order % 4 == 0 ? 45_000 : 0,
        DedupId: $"order-{order}",
        [new("template", order % 4 == 0 ? "rate-us" : "packed")]);
}
