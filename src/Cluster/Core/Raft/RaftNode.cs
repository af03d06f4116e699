namespace Quorate.Core.Raft;

/// <summary>Consensus as a pure function of its inputs.</summary>
public sealed partial class RaftNode
{
}
