using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Nodes;
using Quorate.Node.Hosting;
using Quorate.Node.Transport;

namespace Quorate.Node.Commands;

/// <summary>
/// Plays a failover among three nodes in memory before the real node starts: one leads, is lost, and another takes over and
/// commits a write. The runtime compiles code when it is first used, and for most processes the first election they win is the
/// one after a crash, when every millisecond is one without a leader. Nothing of the play is kept.
/// </summary>
internal static class Rehearsal
{
    private const int MaxMessages = 1_000;

    private static readonly NodeId[] Ids = [new("a"), new("b"), new("c")];

    /// <returns>Whether the play came to its end: the heir leads and has applied the write.</returns>
    public static bool Run()
    {
        var network = new Queue<Message>();
        var players = Ids.ToDictionary(id => id, id => new Player(id, network));
        var (heir, lost) = (players[Ids[0]], players[Ids[2]]);
        lost.Engine.Node.Campaign();
        Play(players, network);

        players.Remove(Ids[2]);
        foreach (var player in players.Values)
        {
            player.Engine.Node.ConnectionLost(Ids[2]);
        }

        Play(players, network);
        heir.Take(new ClientRequest.Propose(heir.Engine.Node.Term, 1, CommandCodec.Encode(new CommandEnvelope(default, new KvPut("key", null, null, new byte[1])))));
        heir.Take(new ClientRequest.ReadIndex(2));
        Play(players, network);
        return heir.Engine.Node.Role == RaftRole.Leader && heir.HasKey;
    }

    private static void Play(Dictionary<NodeId, Player> players, Queue<Message> network)
    {
        foreach (var player in players.Values)
        {
            player.Engine.OnTick(unixMs: 1);
        }

        for (var i = 0; i < MaxMessages; i++)
        {
            foreach (var player in players.Values)
            {
                player.Drain();
            }

            if (!network.TryDequeue(out var message))
            {
                return;
            }

            if (players.TryGetValue(message.To, out var receiver))
            {
                receiver.Engine.OnMessage(message);
            }
        }
    }

    /// <summary>A node whose disk and network are memory.</summary>
    private sealed class Player : IEngineWorld, IProposalSender, IElectionJitter
    {
        private readonly Queue<Message> _network;
        private readonly Queue<SaveJob> _saves = new();
        private readonly ClusterState _state = new();
        private readonly ByteWriter _writer = new();

        public Player(NodeId id, Queue<Message> network)
        {
            _network = network;
            Engine = new RaftEngine(new RaftNode(new RaftConfig { Id = id }, RestoredState.Founding(Membership.Of(Ids)), this), this);
        }

        public RaftEngine Engine { get; }

        public bool HasKey => _state.Kv.Count > 0;

        public bool HasRoom => true;

        public HlcTimestamp? NextDue => _state.NextDue;

        public IReadOnlyList<RegisteredNode> Wanted => [];

        public void Take(ClientRequest request)
        {
            _writer.Clear();
            ClientRequestCodec.Write(_writer, request);
            switch (ClientRequestCodec.Read(_writer.WrittenMemory[FrameReader.PrefixSize..]))
            {
                case ClientRequest.Propose propose:
                    Engine.OnProposal(new Proposal(propose.Term, propose.Command, propose.Number, this));
                    break;
                case ClientRequest.ReadIndex read:
                    Engine.OnRead(new ReadRequest(read.Number, this), ticksLate: 0);
                    break;
            }
        }

        public void Drain()
        {
            Engine.Drain();
            while (_saves.TryDequeue(out var saved))
            {
                Engine.OnSaved(saved);
                Engine.Drain();
            }
        }

        public void Send(Message message)
        {
            _writer.Clear();
            MessageCodec.Write(_writer, message);
            _network.Enqueue(MessageCodec.Read(_writer.ToArray()));
        }

        public void Save(SaveJob job) => _saves.Enqueue(job);

        public void Apply(IReadOnlyList<Entry> entries)
        {
            foreach (var entry in entries)
            {
                _state.Apply(entry, [], out _);
            }

            Answer(new ClientReply.Entries(1, entries));
        }

        public void OnRefused(long number, ProposeStatus status) => Answer(new ClientReply.Refused(number, status));

        public void OnReadIndex(long number, LogIndex? index) => Answer(new ClientReply.ReadIndexAnswer(number, index));

        public void Restore(SnapshotMeta snapshot) => throw new NotSupportedException();

        public (long NextOffset, bool Complete) StoreChunk(SnapshotChunk chunk) => throw new NotSupportedException();

        public int Next(int min, int max) => max;

        private void Answer(ClientReply reply)
        {
            _writer.Clear();
            ClientReplyCodec.Write(_writer, reply);
        }
    }
}
