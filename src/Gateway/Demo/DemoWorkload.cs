using System.Text.Json;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Gateway.Blobs;
using Quorate.Gateway.Cache;
using Quorate.Gateway.Regions;
using Quorate.Node.Access;

namespace Quorate.Gateway.Demo;

/// <summary>
/// A sample workload for newcomers, started with <c>--demo</c>: a small shop whose workers write stock levels, share locks, work off queues, and
/// now and then run into a deadlock. Everything it touches is named <c>demo/…</c>, or <c>demo-…</c> in the cache.
/// </summary>
internal sealed class DemoWorkload(ClusterClient cluster, CacheService cache, BlobRegions blobs, RegionSet regions, ILogger<DemoWorkload> logger) : BackgroundService
{
    private const string Prefix = "demo/";

    private static readonly string[] Products = ["anvil", "bellows", "chisel", "drill", "easel", "file", "gimlet", "hammer"];
    private static readonly string[] Workers = ["ada", "bo", "cleo", "dan", "eve"];

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var queues = new DemoQueues(Execute);
        var crew = new DemoCrew(Execute);
        var shop = new DemoCache(cache);
        var documents = new DemoDocuments(Execute, regions.First.Id);
        var elsewhere = new DemoRegions(regions);
        var files = new DemoBlobs(blobs.First.Receiver);
        return Task.WhenAll(
        [
            Forever(WriteStock, TimeSpan.FromMilliseconds(200), stoppingToken),
            Forever(WriteReservation, TimeSpan.FromSeconds(2), stoppingToken),
            .. Workers.Select((worker, number) => Forever(
                cancel => TakeLock(worker, cancel), TimeSpan.FromSeconds(2 + number), stoppingToken)),
            Forever(Deadlock, TimeSpan.FromSeconds(25), stoppingToken),
            Forever(queues.PlaceOrders, TimeSpan.FromMilliseconds(400), stoppingToken),
            Forever(cancel => queues.Pack("demo/packer-1", cancel), TimeSpan.FromMilliseconds(20), stoppingToken),
            Forever(cancel => queues.Pack("demo/packer-2", cancel), TimeSpan.FromMilliseconds(20), stoppingToken),
            Forever(queues.ClearDead, TimeSpan.FromMinutes(30), stoppingToken),
            Forever(queues.SendMails, TimeSpan.FromMilliseconds(300), stoppingToken),
            .. Workers.Take(3).Select(worker => Forever(cancel => crew.Stand(Prefix + worker, cancel), TimeSpan.FromSeconds(3), stoppingToken)),
            .. Workers.Take(3).Select(worker => Forever(cancel => crew.HandOver(Prefix + worker, cancel), TimeSpan.FromSeconds(90), stoppingToken)),
            Forever(shop.Browse, TimeSpan.FromMilliseconds(300), stoppingToken),
            Forever(shop.Reprice, TimeSpan.FromSeconds(5), stoppingToken),
            Forever(documents.Serve, TimeSpan.FromMilliseconds(300), stoppingToken),
            .. regions.Options.AreEmbedded
                ? [Forever(elsewhere.Serve, TimeSpan.FromSeconds(2), stoppingToken), Forever(elsewhere.Collide, TimeSpan.FromSeconds(20), stoppingToken)]
                : (Task[])[],
            .. Products.Select((product, number) => Forever(cancel => files.TakePicture(product, cancel), TimeSpan.FromSeconds(3 + (12 * number)), stoppingToken)),
            Forever(files.SendFilm, TimeSpan.FromSeconds(4), stoppingToken),
            Forever(crew.Tell, TimeSpan.FromSeconds(1), stoppingToken),
            Forever(crew.Adjust, TimeSpan.FromSeconds(4), stoppingToken),
        ]);
    }

    private async Task Forever(Func<CancellationToken, Task> act, TimeSpan pause, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                // Uneven steps: a heartbeat-regular workload does not look like one.
                await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), stop);
                await act(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ClusterUnavailableException error)
            {
                DemoLog.Waiting(logger, error.Message);
            }
        }
    }

    private Task WriteStock(CancellationToken cancel)
    {
        var product = Products[Random.Shared.Next(Products.Length)];
        return Put($"stock/{product}", new { product, level = Random.Shared.Next(0, 500), warehouse = "north" }, null, cancel);
    }

    private Task WriteReservation(CancellationToken cancel) =>
        Put($"reservations/{Guid.NewGuid():N}", new { product = Products[Random.Shared.Next(Products.Length)], quantity = Random.Shared.Next(1, 9) }, 30_000, cancel);

    private async Task TakeLock(string worker, CancellationToken cancel)
    {
        var name = $"{Prefix}shelf/{Products[Random.Shared.Next(3)]}";
        if (await Acquire(name, worker, 8_000, cancel) is { } token)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + (3 * Random.Shared.NextDouble())), cancel);
            await Execute(new LockRelease(name, Prefix + worker, token), cancel);
        }
    }

    /// <summary>Two workers take two ledgers in opposite order.</summary>
    private async Task Deadlock(CancellationToken cancel)
    {
        const string Sales = Prefix + "ledger/sales";
        const string Stock = Prefix + "ledger/stock";
        var first = await Acquire(Sales, "auditor", 5_000, cancel);
        var second = await Acquire(Stock, "clerk", 5_000, cancel);
        if (first is not { } salesToken || second is not { } stockToken)
        {
            return;
        }

        var waiting = Acquire(Stock, "auditor", 5_000, cancel);
        await Task.Delay(TimeSpan.FromSeconds(2), cancel);
        await Acquire(Sales, "clerk", 5_000, cancel);
        await Execute(new LockRelease(Stock, Prefix + "clerk", stockToken), cancel);
        if (await waiting is { } granted)
        {
            await Execute(new LockRelease(Stock, Prefix + "auditor", granted), cancel);
        }

        await Execute(new LockRelease(Sales, Prefix + "auditor", salesToken), cancel);
    }

    private async Task<long?> Acquire(string name, string owner, long waitMs, CancellationToken cancel)
    {
        var result = await Execute(new LockAcquire(name, Prefix + owner, LockMode.Exclusive, TtlMs: 15_000, waitMs, Session: null), cancel);
        return (result as CommandResult.LockGranted)?.Hold.Token;
    }

    private Task Put(string key, object value, long? ttlMs, CancellationToken cancel) =>
        Execute(new KvPut(Prefix + key, ttlMs, null, JsonSerializer.SerializeToUtf8Bytes(value)), cancel);

    private Task<CommandResult> Execute(Command command, CancellationToken cancel) =>
        cluster.ExecuteAsync(command, new WriteOptions(Reason: "demo"), cancel);
}

internal static partial class DemoLog
{
    [LoggerMessage(3000, LogLevel.Debug, "The demo waits: {Reason}")]
    public static partial void Waiting(ILogger logger, string reason);
}
