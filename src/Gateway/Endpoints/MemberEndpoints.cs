using Microsoft.AspNetCore.Http.HttpResults;
using Quorate.Contracts;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Hosting;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node;
using Quorate.Node.Access;
using Quorate.Node.Commands;

namespace Quorate.Gateway.Endpoints;

/// <summary>Who is in the cluster: adding and removing nodes, checking that they agree, taking a backup.</summary>
internal static class MemberEndpoints
{
    public static void MapMembers(this IEndpointRouteBuilder routes)
    {
        var members = routes.MapGroup("").WithTags("Cluster");
        members.MapGet(Routes.Members, ListMembers).WithName("listMembers").Answers();
        members.MapPost(Routes.Members, AddMember).WithName("addMember")
            .AnswersToWrite(ErrorCodes.MalformedBody, ErrorCodes.NodeExists, ErrorCodes.NodeIdRetired);
        members.MapDelete(Routes.Members + "/{id}", RemoveMember).WithName("removeMember")
            .AnswersToWrite(ErrorCodes.NodeNotFound, ErrorCodes.UnsafeChange);
        members.MapGet(Routes.Consistency, CheckConsistency).WithName("checkConsistency").AnswersToWrite();
        members.MapGet(Routes.Backup, Backup.StreamAsync).WithName("backup").AnswersToRead()
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream");
    }

    /// <summary>Lists the members, and those on their way in or out.</summary>
    private static Ok<Page<MemberView>> ListMembers(Members members) => TypedResults.Ok(new Page<MemberView>(members.List(), null));

    /// <summary>Adds a node: as a learner at first, as a voter once it has caught up. With <c>dryRun=true</c> only says what that does to the quorum.</summary>
    private static async Task<Results<Ok<MemberChange>, Accepted<MemberChange>, ProblemResult>> AddMember(
        AddMemberRequest request, WriteHeaders headers, DryRunQuery dryRun, Members members, CancellationToken cancel)
    {
        var id = Names.Require("id", request.Id);
        if (!NodeOptions.IsName(id, Core.Raft.NodeId.MaxLength))
        {
            throw new InvalidArgumentException("id", $"An id has 1 to {Core.Raft.NodeId.MaxLength} letters, digits, '.', '_' or '-'.");
        }

        if (request.Address is null && !members.RunsNodesHere)
        {
            throw new InvalidArgumentException("address", "Name the address of the node as host:port: nodes are not started from here.");
        }

        if (request.Address is not null && !Addresses.TryParse(request.Address, lowestPort: 1, out _))
        {
            throw new InvalidArgumentException("address", "An address is host:port, with a port from 1 to 65535.");
        }

        if (request.Region is not null && !NodeOptions.IsName(request.Region, Core.Raft.NodeId.MaxLength))
        {
            throw new InvalidArgumentException("region", "A region has 1 to 64 letters, digits, '.', '_' or '-'.");
        }

        if (members.IsRetired(id))
        {
            return ClusterProblems.Of(new CommandResult.NodeIdRetired());
        }

        if (members.IsMember(id))
        {
            return new ProblemResult(ErrorCodes.NodeExists, $"'{id}' is a member already.") { Field = "id" };
        }

        var voter = request.Voter ?? true;
        var change = members.PreviewAdd(id, voter, dryRun.Value);
        if (dryRun.Value)
        {
            return TypedResults.Ok(change);
        }

        var result = await members.AddAsync(id, request.Address, request.Region, voter, headers.Options, cancel);
        return result is CommandResult.Done ? TypedResults.Accepted(Routes.Members, change) : ClusterProblems.Of(result);
    }

    /// <summary>Removes a node; its id is never used again. With <c>dryRun=true</c> only says what that does to the quorum.</summary>
    private static async Task<Results<Ok<MemberChange>, Accepted<MemberChange>, ProblemResult>> RemoveMember(
        SegmentName id, WriteHeaders headers, DryRunQuery dryRun, Members members, CancellationToken cancel)
    {
        if (!members.IsMember(id.Value))
        {
            return new ProblemResult(ErrorCodes.NodeNotFound, $"The cluster has no member '{id.Value}'.") { Field = "id" };
        }

        var change = members.PreviewRemove(id.Value, dryRun.Value);
        if (dryRun.Value)
        {
            return TypedResults.Ok(change);
        }

        if (change.After.FaultTolerance < 0)
        {
            return new ProblemResult(ErrorCodes.UnsafeChange, change.Warnings[0]).With("change", change);
        }

        return await members.RemoveAsync(id.Value, headers.Options, cancel) ? TypedResults.Ok(change) : TypedResults.Accepted(Routes.Members, change);
    }

    /// <summary>Compares the state hash of all nodes at the same entry.</summary>
    private static async Task<Ok<ConsistencyReport>> CheckConsistency(ConsistencyCheck check, CancellationToken cancel) =>
        TypedResults.Ok(await check.RunAsync(WriteOptions.None, cancel));
}
