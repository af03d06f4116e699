using Quorate.Core.Raft;
using Quorate.Node.Transport;

namespace Quorate.Node.Tests.Access;

public sealed class ClientSessionTests : IDisposable
{
    private static readonly ClientRequest Hello = new ClientRequest.Hello(ClientProtocol.Version);

    private readonly TestCluster _cluster = new();

    [Fact]
    public void Hello_is_answered_before_anything_else()
    {
        using var client = new RawClient(_cluster.AwaitLeader());

        client.Send(Hello);

        Assert.IsType<ClientReply.Welcome>(client.Read());
        Assert.IsType<ClientReply.Report>(client.Read());
    }

    [Fact]
    public void Status_is_reported_again_and_again()
    {
        using var client = new RawClient(_cluster.AwaitLeader());
        client.Send(Hello);

        client.ReadTo<ClientReply.Report>();
        var second = client.ReadTo<ClientReply.Report>()[^1];

        Assert.Equal(RaftRole.Leader, Assert.IsType<ClientReply.Report>(second).Status.Role);
    }

    [Fact]
    public void Many_requests_in_one_write_are_all_answered()
    {
        using var client = new RawClient(_cluster.AwaitLeader());

        client.Send([Hello, .. Enumerable.Range(1, 1_000).Select(number => new ClientRequest.Propose(new Term(999), number, new byte[10]))]);

        for (var number = 1; number <= 1_000; number++)
        {
            Assert.Equal(new ClientReply.Refused(number, ProposeStatus.NotLeader), client.ReadTo<ClientReply.Refused>()[^1]);
        }
    }

    [Fact]
    public async Task Unfollow_ends_the_entries_on_the_node()
    {
        await using var writer = _cluster.Client();
        await writer.PutAsync("a", "1");
        using var client = new RawClient(_cluster.AwaitLeader());
        client.Send(Hello, new ClientRequest.Follow(1, LogIndex.Zero));
        client.ReadTo<ClientReply.Entries>();

        // The answer to the first question shows that the node no longer follows, the second one comes after the write.
        client.Send(new ClientRequest.Unfollow(), new ClientRequest.ReadIndex(1));
        client.ReadTo<ClientReply.ReadIndexAnswer>();
        await writer.PutAsync("a", "2");
        client.Send(new ClientRequest.ReadIndex(2));

        Assert.DoesNotContain(client.ReadTo<ClientReply.ReadIndexAnswer>(), reply => reply is ClientReply.Entries);
    }

    [Fact]
    public void Client_of_another_version_is_disconnected() => AssertDisconnected(client => client.Send(new ClientRequest.Hello(99)));

    [Fact]
    public void Client_that_does_not_begin_with_hello_is_disconnected() => AssertDisconnected(client => client.Send(new ClientRequest.ReadIndex(1)));

    [Fact]
    public void Client_that_sends_a_frame_too_large_is_disconnected() => AssertDisconnected(client => client.SendBytes(0xFF, 0xFF, 0xFF, 0xFF));

    [Fact]
    public void Client_that_sends_nonsense_is_disconnected() => AssertDisconnected(client =>
    {
        client.Send(Hello);
        client.SendBytes(3, 0, 0, 0, 0, 77, 1);
    });

    public void Dispose() => _cluster.Dispose();

    private void AssertDisconnected(Action<RawClient> misbehave)
    {
        var leader = _cluster.AwaitLeader();
        using var client = new RawClient(leader);

        misbehave(client);

        while (client.Read() is not null)
        {
        }

        using var other = new RawClient(leader);
        other.Send(Hello);
        Assert.IsType<ClientReply.Welcome>(other.Read());
    }
}
