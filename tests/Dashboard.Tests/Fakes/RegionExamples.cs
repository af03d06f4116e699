using System.Text.Json;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Live;
using Quorate.Contracts.Regions;

namespace Quorate.Dashboard.Tests.Fakes;

/// <summary>Regions and conflicts to start from.</summary>
internal static class RegionExamples
{
    public static RegionView Region(string id, string phase = RegionPhases.Streaming, long held = 0, long queue = 0, long conflicts = 0, long offsetMs = 3) => new(
        id, Local: true, IsCoordinator: id == "eu", phase, new Dictionary<string, long> { ["eu"] = 4, ["us"] = 2 }, "1772323200000.7", offsetMs,
        queue, queue * 200, Documents: 12, Deletions: 1, held, conflicts, Failures: 0, Error: null, new CatchUpView(0, 0, 0));

    public static RegionLinkView Link(string from, string to, string state = RegionLinkStates.Up, long lag = 0) => new(
        from, to, state, state == RegionLinkStates.Cut, Position: 40, lag, lag * 100, lag / 10.0, new LagPartsView(12, 30, 4), 5);

    /// <summary>Every direction between the regions, up unless it is given.</summary>
    public static RegionsView Regions(IReadOnlyList<RegionView> regions, params RegionLinkView[] links) => new(
        Examples.Now,
        "eu",
        regions,
        [
            .. from one in regions
               from other in regions
               where one.Id != other.Id
               select links.FirstOrDefault(link => link.From == one.Id && link.To == other.Id) ?? Link(one.Id, other.Id),
        ]);

    public static RegionsView Three() => Regions([Region("eu"), Region("us"), Region("ap")]);

    public static LagPayload Lag(RegionsView? regions) => Examples.Lag() with { Regions = regions };

    public static SyncQueueView Queue(string region, long parked = 0, params SyncQueueItemView[] items) => new(
        region, items.Length, 900, 1_000_000,
        [new(0, "DELETE", 1), new(1, "CREATE", 2), new(2, "UPDATE", 3), new(3, "METADATA", 0)],
        InFlight: 4, Retrying: 5, parked, items, null);

    public static SyncQueueItemView Item(long id, string state) => new(
        id, state, 2, "Update", "customers", $"key-{id}", state == SyncQueueStates.Pending ? 0 : 3, Examples.Now.AddSeconds(-30), null, state == SyncQueueStates.Parked ? "too large" : null);

    /// <summary>eu and us wrote; us was later.</summary>
    public static ConflictView Conflict(
        string id = "c1", string status = ConflictStatuses.Open, string strategy = ConflictStrategies.Manual, string eu = """{"city":"Oslo","zip":1,"tags":{"a":1}}""",
        string us = """{"city":"Boston","zip":1,"tags":{"a":2},"tel":7}""", params SettlementView[] settlements) => new(
        id, "customers", "alice", ["eu", "us"],
        [Version("eu", eu, 3, 2, seconds: 60, false), Version("us", us, 2, 3, seconds: 50, winner: true)],
        strategy, "us", status, Examples.Now.AddSeconds(-50), settlements,
        new DocumentView("customers", "alice", Examples.Json(us), "4-x", 4, 9, Examples.Now, Examples.Now, "1.0", new Dictionary<string, long> { ["eu"] = 2, ["us"] = 3 }, us.Length, Region: "us", Conflict: id),
        CanUndo: settlements.Length > 0);

    public static ConflictVersionView Version(string region, string? json, long eu, long us, int seconds, bool winner) => new(
        region, json is null ? null : Examples.Json(json), new Dictionary<string, long> { ["eu"] = eu, ["us"] = us }, "1772323200000.0", $"{eu + us}-{region}",
        Examples.Now.AddSeconds(-seconds), json is null, winner, null, json?.Length ?? 0);

    public static SettlementView Settlement(string kind = SettlementKinds.Resolved, string? chosen = "eu", string? reason = "asked alice", string json = """{"city":"Oslo"}""", long eu = 4) => new(
        kind, "eu", Examples.Now.AddSeconds(-10), chosen, reason, "5-y", Examples.Json(json), new Dictionary<string, long> { ["eu"] = eu, ["us"] = 3 });

    public static JsonElement? Body(FakeGateway gateway) => gateway.Requests.LastOrDefault(request => request.Body is not null)?.Body is { } body ? Examples.Json(body) : null;
}
