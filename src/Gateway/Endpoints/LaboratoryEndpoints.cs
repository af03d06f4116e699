using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Quorate.Contracts;
using Quorate.Contracts.Laboratory;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Regions;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Hosting;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>Failures on demand. All of it answers 404 where the laboratory is off.</summary>
internal static class LaboratoryEndpoints
{
    public static void MapLaboratory(this IEndpointRouteBuilder routes)
    {
        var nodes = routes.MapGroup(Routes.Laboratory + "/nodes/{id}").WithTags("Laboratory");
        Map(LaboratoryActions.Stop, StopNode, "stopNode");
        Map(LaboratoryActions.Start, StartNode, "startNode");
        Map(LaboratoryActions.Isolate, IsolateNode, "isolateNode");
        Map(LaboratoryActions.Heal, HealNode, "healNode");

        var links = routes.MapGroup(Routes.Laboratory + "/links/{from}/{to}").WithTags("Laboratory");
        links.MapPost("/cut", CutLink).WithName("cutLink").Answers(ErrorCodes.InvalidArgument, ErrorCodes.NotFound, ErrorCodes.RegionNotFound);
        links.MapPost("/heal", HealLink).WithName("healLink").Answers(ErrorCodes.InvalidArgument, ErrorCodes.NotFound, ErrorCodes.RegionNotFound);

        void Map(string action, Delegate handler, string name) =>
            nodes.MapPost("/" + action, handler).WithName(name).Answers(ErrorCodes.InvalidArgument, ErrorCodes.NotFound, ErrorCodes.NodeNotFound);
    }

    /// <summary>Stops a node as if its process had died. A stopped node stays stopped.</summary>
    private static Task<Results<Ok<LaboratoryNode>, ProblemResult>> StopNode(
        SegmentName id, ReasonHeader reason, [FromServices] ILaboratory? laboratory, CancellationToken cancel) =>
        Answer(id, laboratory?.StopAsync(id.Value, reason.Value, cancel));

    /// <summary>Starts a stopped node from its data directory. A running node goes on.</summary>
    private static Task<Results<Ok<LaboratoryNode>, ProblemResult>> StartNode(
        SegmentName id, ReasonHeader reason, [FromServices] ILaboratory? laboratory, CancellationToken cancel) =>
        Answer(id, laboratory?.StartAsync(id.Value, reason.Value, cancel));

    /// <summary>Cuts a running node off from the other nodes, both ways.</summary>
    private static Task<Results<Ok<LaboratoryNode>, ProblemResult>> IsolateNode(
        SegmentName id, ReasonHeader reason, [FromServices] ILaboratory? laboratory, CancellationToken cancel) =>
        Answer(id, laboratory?.IsolateAsync(id.Value, reason.Value, cancel));

    /// <summary>Lets an isolated node back.</summary>
    private static Task<Results<Ok<LaboratoryNode>, ProblemResult>> HealNode(
        SegmentName id, ReasonHeader reason, [FromServices] ILaboratory? laboratory, CancellationToken cancel) =>
        Answer(id, laboratory?.HealAsync(id.Value, reason.Value, cancel));

    /// <summary>Cuts the link between two regions, both directions: neither gets what the other writes until it is healed.</summary>
    private static Results<Ok<LaboratoryLink>, ProblemResult> CutLink(
        RegionSegment from, RegionSegment to, ReasonHeader reason, [FromServices] ILaboratory? laboratory) => SetLink(from, to, cut: true, reason, laboratory);

    /// <summary>Heals the link between two regions.</summary>
    private static Results<Ok<LaboratoryLink>, ProblemResult> HealLink(
        RegionSegment from, RegionSegment to, ReasonHeader reason, [FromServices] ILaboratory? laboratory) => SetLink(from, to, cut: false, reason, laboratory);

    private static Results<Ok<LaboratoryLink>, ProblemResult> SetLink(RegionSegment from, RegionSegment to, bool cut, ReasonHeader reason, ILaboratory? laboratory)
    {
        if (from.Id == to.Id)
        {
            throw new InvalidArgumentException("to", "A link is between two regions, but both are the same.");
        }

        return laboratory is null ? Off() : TypedResults.Ok(laboratory.SetLink(from.Id, to.Id, cut, reason.Value));
    }

    private static ProblemResult Off() => new(
        ErrorCodes.NotFound, "The laboratory is off. It needs nodes inside this process and Laboratory:Enabled=true.");

    private static async Task<Results<Ok<LaboratoryNode>, ProblemResult>> Answer(SegmentName id, Task<LaboratoryNode?>? action)
    {
        if (action is null)
        {
            return Off();
        }

        return await action is { } node
            ? TypedResults.Ok(node)
            : new ProblemResult(ErrorCodes.NodeNotFound, $"This process has no node '{id.Value}'.") { Field = "id" };
    }
}
