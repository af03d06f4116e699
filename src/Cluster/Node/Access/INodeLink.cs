using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Hosting;

namespace Quorate.Node.Access;

/// <summary>A client's connection to one node, in this process or over TCP. Nothing here blocks; answers come to <see cref="ILinkEvents"/>.</summary>
public interface INodeLink : IAsyncDisposable
{
    NodeId Id { get; }

    /// <summary>Where the node listens, as <c>host:port</c>.</summary>
    string Address { get; }

    /// <summary>What the node said of itself last; null while it cannot be reached.</summary>
    NodeStatus? Status { get; }

    /// <summary>Says where answers go. To be called once, before anything else.</summary>
    void Attach(ILinkEvents events);

    /// <summary>Sends what <see cref="Propose"/> and <see cref="ReadIndex"/> have queued. To be called without a lock that answers need.</summary>
    /// <param name="crowded">Many callers are at it: rather together in a moment than each at once.</param>
    void Flush(bool crowded = false);

    /// <summary>Submits an encoded command, with the next <see cref="Flush"/>. Silence means that it was appended or lost; the followed log tells which.</summary>
    /// <param name="term">Accepted only while the node leads exactly this term.</param>
    void Propose(Term term, ReadOnlyMemory<byte> command, long number);

    /// <summary>Asks, with the next <see cref="Flush"/>, from which index on a read is linearizable.</summary>
    void ReadIndex(long number);

    /// <summary>Follows the committed log from the entry after <paramref name="after"/> on. A second call begins anew.</summary>
    void Follow(LogIndex after);

    /// <summary>Stops following.</summary>
    void Unfollow();

    /// <summary>Asks the node to hand leadership over. False when it does not lead or the target cannot.</summary>
    /// <param name="target">None: the voter furthest ahead.</param>
    Task<bool> TransferLeadershipAsync(NodeId target, CancellationToken cancel);

    /// <summary>Asks the node to stand for election at once.</summary>
    Task CampaignAsync(CancellationToken cancel);
}

/// <summary>What a link reports. Called on the link's threads: must not block.</summary>
public interface ILinkEvents
{
    void OnEntries(INodeLink link, IReadOnlyList<Entry> entries);

    /// <summary>The follower is too far behind for entries: begin anew with this state.</summary>
    void OnState(INodeLink link, ClusterState state);

    void OnRefused(INodeLink link, long number, ProposeStatus status);

    /// <param name="index">Null when the node does not lead.</param>
    void OnReadIndex(INodeLink link, long number, LogIndex? index);

    /// <summary>Role, term or leader changed, or the node came back.</summary>
    void OnStatus(INodeLink link, NodeStatus status);

    /// <summary>The node cannot be reached any more.</summary>
    void OnDown(INodeLink link);
}
