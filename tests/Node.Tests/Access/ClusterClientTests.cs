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
    public void Execute_before_anything_of_the_log_has_come_is_proposed_after_it()
    {
        _first.Lead(term: 1);
        _ = WriteAsync();
        Assert.Empty(_first.Proposals);

        _first.Deliver(TermStart(index: 1, term: 1, "n1"));

        Assert.Single(_first.Proposals);
    }

    [Fact]
    public async Task Execute_leader_replaced_before_commit_proposes_again_and_answers_once()
    {
        FirstLeads();
        var write = WriteAsync();
        _second.Lead(term: 2);
        Assert.Empty(_second.Proposals);

        _second.Deliver(TermStart(index: 2, term: 2, "n2"));

        var proposal = Assert.Single(_second.Proposals);
        _second.Deliver(new Entry(new Term(2), new LogIndex(3), HlcTimestamp.FromUnixMs(3), EntryKind.Command, proposal.Command));
        Assert.Equal(3, Assert.IsType<CommandResult.KvWritten>(await write).Revision);
    }

    [Fact]
    public void Execute_refusal_of_the_old_leader_comes_late_does_not_propose_a_third_time()
    {
        FirstLeads();
        _ = WriteAsync();
        var number = Assert.Single(_first.Proposals).Number;
        _second.Lead(term: 2);
        _second.Deliver(TermStart(index: 2, term: 2, "n2"));
        Assert.Single(_second.Proposals);

        _first.Refuse(number);
        _second.Lead(term: 3);

        Assert.Single(_second.Proposals);
    }

    [Fact]
    public void Execute_refusal_of_an_earlier_term_comes_late_from_the_leader_itself_does_not_propose_a_third_time()
    {
        _first.Lead(term: 1);
        _first.Deliver(TermStart(index: 1, term: 1, "n1"));
        _ = _client.ExecuteAsync(new KvPut("key", null, null, "1"u8.ToArray()), WriteOptions.None, CancellationToken.None);
        var number = Assert.Single(_first.Proposals).Number;
        _first.Lead(term: 2);
        _first.Deliver(TermStart(index: 2, term: 2, "n1"));
        Assert.Equal(2, _first.Proposals.Count);

        _first.Refuse(number);
        _first.Lead(term: 3);

        Assert.Equal(2, _first.Proposals.Count);
    }

    [Fact]
    public async Task Execute_write_already_in_the_new_leaders_log_is_not_proposed_again()
    {
        FirstLeads();
        var write = WriteAsync();
        var command = Assert.Single(_first.Proposals).Command;
        _second.Lead(term: 2);

        _second.Deliver(
            new Entry(new Term(1), new LogIndex(2), HlcTimestamp.FromUnixMs(2), EntryKind.Command, command),
            TermStart(index: 3, term: 2, "n2"));

        Assert.Empty(_second.Proposals);
        Assert.IsType<CommandResult.KvWritten>(await write.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Execute_bytes_under_way_are_reached_refuses_until_one_is_answered()
    {
        var link = new ScriptedLink("n1");
        await using var client = new ClusterClient([link], new ClusterClientOptions { Timeout = TimeSpan.FromSeconds(30), MaxPendingBytes = 1000 });
        link.Lead(term: 1);
        link.Deliver(TermStart(index: 1, term: 1, "n1"));
        var first = Write();
        _ = Write();
        await Assert.ThrowsAsync<OverloadedException>(Write);

        link.Deliver(new Entry(new Term(1), new LogIndex(2), HlcTimestamp.FromUnixMs(2), EntryKind.Command, link.Proposals[0].Command));
        await first.WaitAsync(TimeSpan.FromSeconds(10));
        _ = Write();
        Assert.Equal(3, link.Proposals.Count);
        await Assert.ThrowsAsync<OverloadedException>(Write);

        Task<CommandResult> Write() => client.ExecuteAsync(new KvPut("key", null, null, new byte[600]), WriteOptions.None, CancellationToken.None);
    }

    private void FirstLeads()
    {
        _first.Lead(term: 1);
        _first.Deliver(TermStart(index: 1, term: 1, "n1"));
    }

    private Task<CommandResult> WriteAsync() =>
        _client.ExecuteAsync(new KvPut("key", null, null, "1"u8.ToArray()), WriteOptions.None, CancellationToken.None);

    private static Entry TermStart(long index, long term, string leader) => new(
        new Term(term),
        new LogIndex(index),
        HlcTimestamp.FromUnixMs(index),
        EntryKind.TermStart,
        RaftDataCodec.Encode(new TermStart(new NodeId(leader), ElectionCause.Timeout, [], 0)));
}
