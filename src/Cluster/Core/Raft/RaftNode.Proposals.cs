namespace Quorate.Core.Raft;

/// <summary>What a leader appends of its own accord or at somebody's wish, and when it refuses.</summary>
public sealed partial class RaftNode
{
    /// <summary>Appends commands to the log of a leader. They are sent and saved with the next <see cref="TakeReady"/>.</summary>
    /// <param name="expectedTerm">Accept only while leading in exactly this term; null for any.</param>
    public ProposeResult Propose(IReadOnlyList<ReadOnlyMemory<byte>> commands, Term? expectedTerm = null)
    {
        if (Refusal(expectedTerm) is { } refusal)
        {
            return new ProposeResult(refusal, LogIndex.Zero, Term);
        }

        var first = _log.LastIndex.Next;
        foreach (var command in commands)
        {
            AppendOwn(EntryKind.Command, command);
        }

        return new ProposeResult(ProposeStatus.Accepted, first, Term);
    }

    /// <summary>Appends one command; see <see cref="Propose(IReadOnlyList{ReadOnlyMemory{byte}}, Term?)"/>.</summary>
    public ProposeResult Propose(ReadOnlyMemory<byte> command, Term? expectedTerm = null)
    {
        if (Refusal(expectedTerm) is { } refusal)
        {
            return new ProposeResult(refusal, LogIndex.Zero, Term);
        }

        AppendOwn(EntryKind.Command, command);
        return new ProposeResult(ProposeStatus.Accepted, _log.LastIndex, Term);
    }

    /// <summary>Appends an entry that carries nothing but the time.</summary>
    public ProposeResult ProposeClock()
    {
        if (Refusal(null) is { } refusal)
        {
            return new ProposeResult(refusal, LogIndex.Zero, Term);
        }

        AppendOwn(EntryKind.Clock, ReadOnlyMemory<byte>.Empty);
        return new ProposeResult(ProposeStatus.Accepted, _log.LastIndex, Term);
    }

    private ProposeStatus? Refusal(Term? expectedTerm)
    {
        if (Role != RaftRole.Leader || (expectedTerm is { } term && term != Term))
        {
            return ProposeStatus.NotLeader;
        }

        if (!_transferTarget.IsNone)
        {
            return ProposeStatus.Transferring;
        }

        return _uncommittedBytes > _config.MaxUncommittedBytes || IsLogFull ? ProposeStatus.Overloaded : null;
    }

    private bool IsLogFull => _log.Bytes > _config.MaxLogBytes;

    private void AppendOwn(EntryKind kind, ReadOnlyMemory<byte> data)
    {
        var entry = new Entry(Term, _log.LastIndex.Next, NextTime(), kind, data);
        _log.Append(entry);
        _uncommittedBytes += entry.Size;
        NoteMembership(entry);
    }
}
