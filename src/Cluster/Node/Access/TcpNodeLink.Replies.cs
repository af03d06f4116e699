using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Hosting;
using Quorate.Node.Transport;

namespace Quorate.Node.Access;

public sealed partial class TcpNodeLink
{
    private void Handle(ClientReply reply, FrameReader frames)
    {
        switch (reply)
        {
            case ClientReply.Report report:
                OnReport(report.Status);
                break;
            case ClientReply.Refused refused:
                _events?.OnRefused(this, refused.Number, refused.Status);
                break;
            case ClientReply.ReadIndexAnswer answer:
                _events?.OnReadIndex(this, answer.Number, answer.Index);
                break;
            case ClientReply.Entries entries:
                OnEntries(entries);
                break;
            case ClientReply.StateBegin begin:
                OnState(begin.Epoch, frames);
                break;
            case ClientReply.Behind behind:
                OnBehind(behind.Epoch);
                break;
            case ClientReply.Answer answer:
                OnAnswer(answer);
                break;
            default:
                throw new FormatException($"{reply.GetType().Name} out of turn");
        }
    }

    private void OnReport(NodeStatus status)
    {
        var before = _status;
        _status = status;
        if (status.Failure is not null)
        {
            if (before is { Failure: null })
            {
                _events?.OnDown(this);
            }
        }
        else if (before is not { Failure: null } || before.Role != status.Role || before.Term != status.Term || before.Leader != status.Leader)
        {
            _events?.OnStatus(this, status);
        }
    }

    private void OnEntries(ClientReply.Entries entries)
    {
        if (IsFollowed(entries.Epoch) && entries.Items.Count > 0)
        {
            _events?.OnEntries(this, entries.Items);
            HandedOn(entries.Epoch, entries.Items[^1].Index);
        }
    }

    // Built while it comes in: a state of any size takes the memory of itself and one frame.
    private void OnState(long epoch, FrameReader frames)
    {
        ClusterState state;
        try
        {
            state = StateSnapshot.Read(Records(frames));
        }
        catch (StateAbandonedException)
        {
            return;
        }

        if (IsFollowed(epoch))
        {
            _events?.OnState(this, state);
            HandedOn(epoch, state.AppliedIndex);
        }
    }

    private IEnumerable<ReadOnlyMemory<byte>> Records(FrameReader frames)
    {
        while (true)
        {
            switch (ReadReply(frames) ?? throw new EndOfStreamException("the connection ended inside a state"))
            {
                case ClientReply.StatePart part:
                    foreach (var record in ClientReplyCodec.Unpack(part.Packed))
                    {
                        yield return record;
                    }

                    break;
                case ClientReply.StateEnd { Complete: true }:
                    yield break;
                case ClientReply.StateEnd:
                    throw new StateAbandonedException();
                case ClientReply.StateBegin or ClientReply.Entries or ClientReply.Behind:
                    throw new FormatException("something else of the log inside a state");
                case var between:
                    Handle(between, frames);
                    break;
            }
        }
    }

    /// <summary>The node kept no more for this link: what it has got so far is without a gap, so it goes on from there.</summary>
    private void OnBehind(long epoch)
    {
        lock (_gate)
        {
            if (_following && epoch == _epoch)
            {
                _output?.TryWrite(new ClientRequest.Follow(++_epoch, _followed));
            }
        }

        Flush();
    }

    private void OnAnswer(ClientReply.Answer answer)
    {
        lock (_gate)
        {
            if (_questions.TryGetValue(answer.Number, out var question))
            {
                question.TrySetResult(answer.Yes);
            }
        }
    }

    private bool IsFollowed(long epoch)
    {
        lock (_gate)
        {
            return _following && epoch == _epoch;
        }
    }

    private void HandedOn(long epoch, LogIndex last)
    {
        lock (_gate)
        {
            _followed = epoch == _epoch ? last : _followed;
        }
    }

    private sealed class StateAbandonedException : Exception;
}
