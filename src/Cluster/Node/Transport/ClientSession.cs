using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Hosting;

namespace Quorate.Node.Transport;

/// <summary>One client on one node: carries its requests out and sends what comes of them.</summary>
internal sealed class ClientSession : IProposalSender
{
    private readonly RaftHost _host;
    private readonly PipeReader _input;
    private readonly ClientOutput _output;
    private Tap? _tap;

    public ClientSession(RaftHost host, ClientConnection connection, ClientLimits limits)
    {
        _host = host;
        _input = connection.Pipe.Input;
        _output = new ClientOutput(connection.Pipe.Output, limits, host.DetailedStatus);
    }

    public long QueuedBytes => _output.QueuedBytes;

    /// <summary>Serves until the client goes, breaks the protocol or the token is cancelled.</summary>
    /// <exception cref="FormatException">The client sent something that is no request.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        if (!await ReadAsync(Greet, cancel))
        {
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reading = ReadAsync(Handle, ending.Token);
        var writing = _output.RunAsync(ending.Token);
        _host.StatusChanged += OnStatusChanged;
        try
        {
            var ended = await Task.WhenAny(reading, writing);
            await ended;
        }
        finally
        {
            _host.StatusChanged -= OnStatusChanged;
            Unfollow();
            await ending.CancelAsync();
            await Task.WhenAll(reading, writing).ContinueWith(both => both.Exception, TaskScheduler.Default);
        }
    }

    public void OnRefused(long number, ProposeStatus status) => _output.Reply(new ClientReply.Refused(number, status));

    public void OnReadIndex(long number, LogIndex? index) => _output.Reply(new ClientReply.ReadIndexAnswer(number, index));

    private void OnStatusChanged(NodeStatus status) => _output.Report();

    /// <summary>Reads requests until <paramref name="handle"/> has had enough.</summary>
    /// <returns>False when the client went before.</returns>
    private async Task<bool> ReadAsync(Func<ClientRequest, bool> handle, CancellationToken cancel)
    {
        while (true)
        {
            var read = await _input.ReadAsync(cancel);
            var rest = read.Buffer;
            var enough = false;
            while (!enough && TryCutFrame(ref rest, out var frame))
            {
                enough = !handle(ClientRequestCodec.Read(frame.IsSingleSegment ? frame.First : frame.ToArray()));
            }

            // After the last one what is left may hold more frames: they are looked at by the next call, not only when more arrives.
            _input.AdvanceTo(rest.Start, enough ? rest.Start : rest.End);
            if (enough || read.IsCompleted)
            {
                return enough;
            }
        }
    }

    private static bool TryCutFrame(ref ReadOnlySequence<byte> rest, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (rest.Length < FrameReader.PrefixSize)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[FrameReader.PrefixSize];
        rest.Slice(0, FrameReader.PrefixSize).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        if (length is 0 or > ClientProtocol.MaxRequestBytes)
        {
            throw new FormatException($"a frame of {length} bytes; 1 to {ClientProtocol.MaxRequestBytes} are accepted");
        }

        if (rest.Length < FrameReader.PrefixSize + length)
        {
            return false;
        }

        frame = rest.Slice(FrameReader.PrefixSize, length);
        rest = rest.Slice(frame.End);
        return true;
    }

    private bool Greet(ClientRequest request)
    {
        if (request is not ClientRequest.Hello { Version: ClientProtocol.Version })
        {
            throw new FormatException(request is ClientRequest.Hello hello
                ? $"the client speaks version {hello.Version} of the client protocol, this node {ClientProtocol.Version}"
                : "the client did not begin with a hello");
        }

        _output.Reply(new ClientReply.Welcome(ClientProtocol.Version));
        return false;
    }

    private bool Handle(ClientRequest request)
    {
        switch (request)
        {
            case ClientRequest.Propose propose:
                _host.Propose(new Proposal(propose.Term, propose.Command, propose.Number, this));
                break;
            case ClientRequest.ReadIndex read:
                _host.Read(new ReadRequest(read.Number, this));
                break;
            case ClientRequest.Follow follow:
                Follow(follow);
                break;
            case ClientRequest.Unfollow:
                Unfollow();
                break;
            case ClientRequest.Transfer transfer:
                AnswerLater(transfer.Number, node => node.TransferLeadership(transfer.Target));
                break;
            case ClientRequest.Campaign campaign:
                AnswerLater(campaign.Number, node =>
                {
                    node.Campaign();
                    return true;
                });
                break;
            default:
                throw new FormatException($"{request.GetType().Name} came twice");
        }

        return true;
    }

    private void Follow(ClientRequest.Follow follow)
    {
        if (follow.Epoch <= 0)
        {
            throw new FormatException($"epoch {follow.Epoch} is not positive");
        }

        Unfollow();
        _output.BeginEpoch(follow.Epoch);
        _tap = new Tap(this, follow.Epoch);
        _host.Subscribe(_tap, follow.After);
    }

    private void Unfollow()
    {
        if (_tap is { } tap)
        {
            _tap = null;
            _output.BeginEpoch(0);
            _host.Unsubscribe(tap);
        }
    }

    private void AnswerLater(long number, Func<RaftNode, bool> question) =>
        _host.AskAsync(question).ContinueWith(
            asked => _output.Reply(new ClientReply.Answer(number, asked.IsCompletedSuccessfully && asked.Result)),
            TaskContinuationOptions.ExecuteSynchronously);

    /// <summary>One subscription. A later one is another object, so that late calls of this one do nothing.</summary>
    private sealed class Tap(ClientSession session, long epoch) : ITap
    {
        public void OnEntries(IReadOnlyList<Entry> entries)
        {
            if (!session._output.Entries(epoch, entries))
            {
                session._host.Unsubscribe(this);
            }
        }

        public void OnState(FrozenState state) => session._output.State(epoch, state);
    }
}
