using Quorate.Core.Codec;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Nodes;

/// <summary>
/// Wants a node in the cluster. The leader makes it so: it adds the node as a learner and, when it has caught up, as a voter, however
/// often leadership changes meanwhile. Registering a node again changes its address.
/// </summary>
/// <param name="Address">Where it listens, as <c>host:port</c>.</param>
/// <param name="Voter">Whether it is to become a voter; false: it stays a learner.</param>
public sealed record NodeRegister(string Id, string Address, string Region, bool Voter) : Command;

/// <summary>Wants a node out of the cluster. The leader makes it so. Its id is never used again.</summary>
public sealed record NodeRetire(string Id) : Command;

/// <summary>Asks every node for the hash of its state right after this entry, so that equal state can be shown.</summary>
public sealed record StateMark : Command;

/// <summary>What is wanted of a node.</summary>
/// <param name="Address">Empty for a founder that was retired.</param>
/// <param name="Retired">It is to leave, or has left, for good.</param>
public sealed record RegisteredNode(string Id, string Address, string Region, bool Voter, bool Retired);

/// <summary>
/// The members that are wanted beyond the founders, where they listen, and the ids that are used up. What is wanted is replicated state;
/// what is, is Raft's membership.
/// </summary>
public sealed class NodeTable
{
    private readonly CowTree<string, RegisteredNode> _nodes = new(StringComparer.Ordinal);

    public int Count => _nodes.Count;

    public RegisteredNode? Get(string id) => _nodes.TryGet(id, out var node) ? node : null;

    public IEnumerable<RegisteredNode> All() => _nodes.All().Select(pair => pair.Value);

    internal CowTree<string, RegisteredNode>.Frozen Freeze() => _nodes.Freeze();

    internal CommandResult Apply(NodeRegister register, in ApplyContext context)
    {
        if (Get(register.Id) is { Retired: true })
        {
            return new CommandResult.NodeIdRetired();
        }

        _nodes.Set(register.Id, new RegisteredNode(register.Id, register.Address, register.Region, register.Voter, Retired: false));
        context.Events.Add(new StateEvent.NodesChanged());
        return new CommandResult.Done();
    }

    internal CommandResult Apply(NodeRetire retire, in ApplyContext context)
    {
        var known = Get(retire.Id) ?? new RegisteredNode(retire.Id, "", "", Voter: false, Retired: true);
        _nodes.Set(retire.Id, known with { Retired = true });
        context.Events.Add(new StateEvent.NodesChanged());
        return new CommandResult.Done();
    }

    internal void Restore(ref ByteReader reader)
    {
        var node = new RegisteredNode(reader.String(), reader.String(), reader.String(), reader.Bool(), reader.Bool());
        _nodes.Set(node.Id, node);
    }

    internal static void Write(ByteWriter writer, RegisteredNode node)
    {
        writer.String(node.Id);
        writer.String(node.Address);
        writer.String(node.Region);
        writer.Bool(node.Voter);
        writer.Bool(node.Retired);
    }
}
