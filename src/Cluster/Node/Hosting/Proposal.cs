using Quorate.Core.Raft;

namespace Quorate.Node.Hosting;

/// <summary>A command on its way into the log.</summary>
/// <param name="Term">Accepted only by the leader of exactly this term, so that its sender can tell later whether it may still commit.</param>
/// <param name="Command">An encoded <see cref="Core.StateMachine.CommandEnvelope"/>. Owned by the log from here on.</param>
/// <param name="Number">The sender's own number, given back when the proposal is refused.</param>
public sealed record Proposal(Term Term, ReadOnlyMemory<byte> Command, long Number, IProposalSender Sender);

/// <summary>Where refusals and confirmed reads go. Called on the engine's thread: must not block.</summary>
public interface IProposalSender
{
    void OnRefused(long number, ProposeStatus status);

    /// <param name="index">Null when the node does not lead.</param>
    void OnReadIndex(long number, LogIndex? index);
}

/// <summary>A wish to read linearizably.</summary>
public sealed record ReadRequest(long Number, IProposalSender Sender);
