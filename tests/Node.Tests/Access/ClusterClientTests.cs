using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Node.Access;

namespace Quorate.Node.Tests.Access;

public sealed class ClusterClientTests : IAsyncDisposable
{
    private readonly ScriptedLink _first = new("n1");
    private readonly ScriptedLink _second = new("n2");
    private readonly ClusterClient _client;

    public ClusterClientTests() => _client = new ClusterClient([_first, _second], new ClusterClientOptions { Timeout = TimeSpan.FromSeconds(30) });

    public async ValueTask DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task Execute_leader_replaced_before_commit_proposes_again_and_answers_once()
    {
        _first.Lead(term: 1);
        var write = _client.ExecuteAsync(new KvPut("key", null, null, "1"u8.ToArray()), WriteOptions.None, CancellationToken.None);
        _second.Lead(term: 2);
        Assert.Empty(_second.Proposals);

        _second.Deliver(TermStart(index: 1, term: 2, "n2"));

        var proposal = Assert.Single(_second.Proposals);
        _second.Deliver(new Entry(new Term(2), new LogIndex(2), HlcTimestamp.FromUnixMs(2), EntryKind.Command, proposal.Command));
        Assert.Equal(2, Assert.IsType<CommandResult.KvWritten>(await write).Revision);
    }

    [Fact]
    public void Execute_refusal_of_the_old_leader_comes_late_does_not_propose_a_third_time()
    {
        _first.Lead(term: 1);
        _ = _client.ExecuteAsync(new KvPut("key", null, null, "1"u8.ToArray()), WriteOptions.None, CancellationToken.None);
        var number = Assert.Single(_first.Proposals).Number;
        _second.Lead(term: 2);
        _second.Deliver(TermStart(index: 1, term: 2, "n2"));
        Assert.Single(_second.Proposals);

        _first.Refuse(number);
        _second.Lead(term: 3);

        Assert.Single(_second.Proposals);
    }

    [Fact]
    public async Task Execute_write_already_in_the_new_leaders_log_is_not_proposed_again()
    {
        _first.Lead(term: 1);
        var write = _client.ExecuteAsync(new KvPut("key", null, null, "1"u8.ToArray()), WriteOptions.None, CancellationToken.None);
        var command = Assert.Single(_first.Proposals).Command;
        _second.Lead(term: 2);

        _second.Deliver(
            new Entry(new Term(1), new LogIndex(1), HlcTimestamp.FromUnixMs(1), EntryKind.Command, command),
            TermStart(index: 2, term: 2, "n2"));

        Assert.Empty(_second.Proposals);
        Assert.IsType<CommandResult.KvWritten>(await write.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    private static Entry TermStart(long index, long term, string leader) => new(
        new Term(term),
        new LogIndex(index),
        HlcTimestamp.FromUnixMs(index),
        EntryKind.TermStart,
        RaftDataCodec.Encode(new TermStart(new NodeId(leader), ElectionCause.Timeout, [], 0)));
}
