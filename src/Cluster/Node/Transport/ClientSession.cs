using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Hosting;

namespace Quorate.Node.Transport;

/// <summary>One client on one node: carries its requests out and sends what comes of them.</summary>
internal sealed class ClientSession : IProposalSender
{
    private readonly RaftHost _host;
    private readonly ClientConnection _connection;
    private readonly FrameReader _requests;
    private readonly ClientOutput _output;
    private readonly Action _flush;
    private Exception? _failure;
    private volatile bool _ended;
    private Tap? _tap;

    public ClientSession(RaftHost host, ClientConnection connection, ClientLimits limits)
    {
        _host = host;
        _connection = connection;
        _requests = new FrameReader(connection.Stream, ClientProtocol.MaxRequestBytes, connection.Direct);
        _output = new ClientOutput(connection, limits, host.DetailedStatus);
        _flush = _output.Flush;
    }

    public long QueuedBytes => _output.QueuedBytes;

    /// <summary>Serves until the client goes, breaks the protocol or the connection is closed.</summary>
    /// <exception cref="FormatException">The client sent something that is no request.</exception>
    /// <exception cref="IOException">The connection broke, or the client does not take its answers.</exception>
    public void Run()
    {
        if (ReadRequest() is not { } hello)
        {
            return;
        }

        Greet(hello);
        var writing = new Thread(WriteAnswers) { Name = $"send {_connection.Name}", IsBackground = true };
        writing.Start();
        _host.StatusChanged += OnStatusChanged;
        try
        {
            while (ReadRequest() is { } request)
            {
                Handle(request);
                if (!_requests.HasNext)
                {
                    _host.Work();
                }
            }
        }
        catch (Exception e) when (_failure is not null && e is IOException or ObjectDisposedException)
        {
            throw new IOException(_failure.Message, _failure);
        }
        finally
        {
            _host.StatusChanged -= OnStatusChanged;
            Unfollow();
            _ended = true;
            _output.Close();
            writing.Join();
        }
    }

    public void OnRefused(long number, ProposeStatus status) => Answer(new ClientReply.Refused(number, status));

    public void OnReadIndex(long number, LogIndex? index) => Answer(new ClientReply.ReadIndexAnswer(number, index));

    private void OnStatusChanged(NodeStatus status) => _output.Report();

    // Many answers of one round leave together.
    private void Answer(ClientReply reply)
    {
        _output.Reply(reply);
        _host.AfterRound(_flush);
    }

    private ClientRequest? ReadRequest() => _requests.Read() is { } frame ? ClientRequestCodec.Read(frame) : null;

    private void WriteAnswers()
    {
        try
        {
            while (!_ended)
            {
                _output.Pump();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Ends the reading, too.
            _failure = e;
            _connection.Stream.Dispose();
        }
    }

    private void Greet(ClientRequest request)
    {
        if (request is not ClientRequest.Hello { Version: ClientProtocol.Version })
        {
            throw new FormatException(request is ClientRequest.Hello hello
                ? $"the client speaks version {hello.Version} of the client protocol, this node {ClientProtocol.Version}"
                : "the client did not begin with a hello");
        }

        _output.Reply(new ClientReply.Welcome(ClientProtocol.Version));
        _output.Flush();
    }

    private void Handle(ClientRequest request)
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
            asked =>
            {
                _output.Reply(new ClientReply.Answer(number, asked.IsCompletedSuccessfully && asked.Result));
                _output.Flush();
            },
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
