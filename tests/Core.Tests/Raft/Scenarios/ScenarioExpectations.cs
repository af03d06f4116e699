using System.Globalization;
using System.Text;
using Quorate.Core.Raft;
using Quorate.Core.Tests.Raft.Harness;

namespace Quorate.Core.Tests.Raft.Scenarios;

/// <summary>
/// The <c>expect</c> lines of a <see cref="Scenario"/>:
/// <code>
/// expect leader a|none                        the one live node that leads the highest term
/// expect a|all and any number of these:       role R, term T, commit I, last I, voted b, sees b, transferring b|none,
///                                             read id I|none|waiting, refuses propose|change Status
///              and as the last one:           log 1 1 4 …   the terms of the entries that are not compacted away
///                                             applied x y …   the commands applied
///                                             membership voters … [outgoing …] [learners …]
/// expect inflight a>b n [Type]                messages on a link
/// expect delivered a>b n                      at most n messages since `count`
/// expect progress a b state S match I next I window n
/// </code>
/// </summary>
internal sealed class ScenarioExpectations(RaftCluster cluster)
{
    private readonly Dictionary<(NodeId, NodeId), int> _counted = [];

    public void Take(string[] words)
    {
        if (words[0] == "count")
        {
            foreach (var (from, to) in Links())
            {
                _counted[(from, to)] = cluster.Network.Delivered(from, to);
            }

            return;
        }

        switch (words[1])
        {
            case "leader":
                var leader = cluster.Live.Where(node => node.Raft!.Role == RaftRole.Leader).MaxBy(node => node.Raft!.Term);
                Assert.Equal(words[2], leader?.Id.Value ?? "none");
                break;
            case "inflight":
                InFlight(words);
                break;
            case "delivered":
                var (a, b) = Link(words[2]);
                var count = cluster.Network.Delivered(a, b) - _counted.GetValueOrDefault((a, b));
                Assert.True(count <= int.Parse(words[3], CultureInfo.InvariantCulture), $"{count} messages were delivered");
                break;
            case "progress":
                Progress(words);
                break;
            case "all":
                foreach (var each in cluster.Live)
                {
                    OnNode(each, words[2..]);
                }

                break;
            default:
                OnNode(cluster[new NodeId(words[1])], words[2..]);
                break;
        }
    }

    private static void OnNode(SimNode node, string[] words)
    {
        var raft = node.Raft ?? throw new InvalidOperationException($"{node.Id} is down");
        var next = 0;
        while (next < words.Length)
        {
            next += Check(node, raft, words[next..]);
        }
    }

    /// <summary>Checks what the first words ask for. Answers how many words that were.</summary>
    private static int Check(SimNode node, RaftNode raft, string[] words)
    {
        switch (words[0])
        {
            case "log":
                Assert.Equal(string.Join(' ', words[1..]), string.Join(' ', node.Log.Entries.Select(entry => entry.Term)));
                return words.Length;
            case "applied":
                var expected = Scenario.Commands(words.Skip(1)).Select(command => Encoding.UTF8.GetString(command.Span));
                Assert.Equal(string.Join(' ', expected), string.Join(' ', node.Applied));
                return words.Length;
            case "membership":
                Assert.Equal(string.Join(' ', words[1..]), raft.Membership.ToString().Replace("[", "").Replace("]", ""));
                return words.Length;
            case "refuses":
                var result = words[1] == "propose" ? raft.Propose(Scenario.Commands(["refused"])) : raft.ChangeMembership(raft.Membership.Voters, []);
                Assert.Equal(words[2], result.Status.ToString());
                return 3;
            case "read":
                var answer = node.Reads.TryGetValue(long.Parse(words[1], CultureInfo.InvariantCulture), out var index)
                    ? index?.ToString() ?? "none"
                    : "waiting";
                Assert.Equal(words[2], answer);
                return 3;
        }

        var actual = words[0] switch
        {
            "role" => raft.Role.ToString(),
            "term" => raft.Term.ToString(),
            "commit" => raft.CommitIndex.ToString(),
            "last" => raft.LastIndex.ToString(),
            "voted" => Name(raft.VotedFor),
            "sees" => Name(raft.Leader),
            "transferring" => Name(raft.TransferTarget),
            _ => throw new ArgumentException($"nothing to expect of '{words[0]}'"),
        };
        Assert.True(words[1] == actual, $"{node.Id} has {words[0]} {actual}");
        return 2;
    }

    private void InFlight(string[] words)
    {
        var (from, to) = Link(words[2]);
        var messages = cluster.Network.InFlight
            .Where(message => message.From == from && message.To == to && (words.Length < 5 || message.GetType().Name == words[4]))
            .ToList();
        Assert.True(
            messages.Count == int.Parse(words[3], CultureInfo.InvariantCulture),
            $"in flight:\n{string.Join('\n', messages.Select(Trace.Describe))}");
    }

    private void Progress(string[] words)
    {
        var member = cluster[new NodeId(words[2])].Raft!.Members.Single(each => each.Id.Value == words[3]);
        for (var i = 4; i < words.Length; i += 2)
        {
            var actual = words[i] switch
            {
                "state" => member.State.ToString(),
                "match" => member.Match.ToString(),
                "next" => member.Next.ToString(),
                "window" => member.InflightAppends.ToString(CultureInfo.InvariantCulture),
                _ => throw new ArgumentException($"nothing to expect of '{words[i]}'"),
            };
            Assert.True(words[i + 1] == actual, $"{member.Id} has {words[i]} {actual}");
        }
    }

    private static string Name(NodeId node) => node.IsNone ? "none" : node.Value;

    private static (NodeId From, NodeId To) Link(string text) => (new NodeId(text.Split('>')[0]), new NodeId(text.Split('>')[1]));

    private IEnumerable<(NodeId, NodeId)> Links() =>
        from a in cluster.Nodes from b in cluster.Nodes where a != b select (a.Id, b.Id);
}
