using System.Globalization;
using System.Text;
using Quorate.Core.Raft;
using Quorate.Core.Tests.Raft.Harness;

namespace Quorate.Core.Tests.Raft.Scenarios;

/// <summary>
/// One scenario: a line is a word and its arguments, <c>#</c> begins a comment. Election timeouts are 10 ticks for the first
/// node, 13 for the second and so on; heartbeats come every 2 ticks. Nothing is delivered unless a line says so.
/// <code>
/// nodes a b c | learners d | spare e | config name=value …     who there is; a spare knows no membership
/// log a 1 1 2 | term a 3 [voted b]                             what is on a disk: the terms of the entries from index 1
///
/// tick a|all [n]          time passes          run n            n times: everybody ticks, everything is delivered
/// timeout a               ticks a until it stands for election
/// elect a                 timeout a, then everything is delivered
/// deliver [a>b [n]]       everything, or (the first n messages) of one link
/// drop a>b                loses what is in flight there
/// copy a>b | replay       remembers what is in flight there, sends it once more
/// cut a>b | isolate a | heal
/// crash a | restart a | hold a | save a        while held, saves wait until `save`; a crash loses them
/// propose a x y z*3 …     one batch; z*3 is z1 z2 z3
/// read a id | transfer a [b] | change a voters a b [learners c] | compact a [keep] | lost a b | campaign a
///
/// count                   starts counting delivered messages again
/// expect …                see <see cref="ScenarioExpectations"/>
/// </code>
/// </summary>
internal sealed class Scenario(string name)
{
    private readonly RaftCluster _cluster = new();
    private readonly ScenarioSetup _setup = new();
    private readonly List<Message> _copied = [];
    private ScenarioExpectations? _expectations;

    public void Run(IReadOnlyList<string> lines)
    {
        for (var number = 1; number <= lines.Count; number++)
        {
            var words = lines[number - 1].Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            try
            {
                Line(words);
            }
            catch (Exception exception)
            {
                Assert.Fail($"{name}:{number}: {lines[number - 1]}\n{exception.Message}\nWhat happened last:\n{_cluster.Trace}\n{exception.StackTrace}");
            }
        }
    }

    private void Line(string[] words)
    {
        if (_expectations is null)
        {
            if (_setup.Take(words))
            {
                return;
            }

            _setup.Start(_cluster);
            _expectations = new ScenarioExpectations(_cluster);
        }

        _cluster.Trace.Note(string.Join(' ', words));
        if (words[0] is "expect" or "count")
        {
            _expectations.Take(words);
        }
        else if (words.Length > 1 && words[1].Contains('>'))
        {
            var ends = words[1].Split('>');
            OnLink(words, new NodeId(ends[0]), new NodeId(ends[1]));
        }
        else if (words.Length > 1 && !char.IsDigit(words[1][0]) && words[1] != "all")
        {
            OnNode(words, _cluster[new NodeId(words[1])]);
        }
        else
        {
            OnCluster(words);
        }
    }

    private void OnCluster(string[] words)
    {
        switch (words[0])
        {
            case "tick":
                TickAll(Number(words, 2, 1), deliver: false);
                break;
            case "run":
                TickAll(Number(words, 1, 1), deliver: true);
                break;
            case "deliver":
                _cluster.DeliverAll();
                break;
            case "heal":
                _cluster.Network.Heal();
                break;
            case "replay":
                _copied.ForEach(_cluster.Network.Send);
                break;
            default:
                throw new ArgumentException($"unknown line '{words[0]}'");
        }
    }

    private void OnLink(string[] words, NodeId from, NodeId to)
    {
        var inFlight = _cluster.Network.InFlight;
        bool OnThisLink(Message message) => message.From == from && message.To == to;
        switch (words[0])
        {
            case "deliver":
                for (var left = Number(words, 2, inFlight.Count(OnThisLink)); left > 0; left--)
                {
                    _cluster.Deliver(inFlight.FindIndex(OnThisLink));
                }

                break;
            case "drop":
                inFlight.RemoveAll(OnThisLink);
                break;
            case "copy":
                _copied.AddRange(inFlight.Where(OnThisLink));
                break;
            case "cut":
                _cluster.Network.Cut(from, to);
                break;
            default:
                throw new ArgumentException($"unknown line '{words[0]}'");
        }
    }

    private void OnNode(string[] words, SimNode node)
    {
        switch (words[0])
        {
            case "tick":
                Tick(node, Number(words, 2, 1));
                break;
            case "timeout":
                Timeout(node);
                break;
            case "elect":
                Timeout(node);
                _cluster.DeliverAll();
                break;
            case "isolate":
                foreach (var other in _cluster.Nodes.Where(other => other != node))
                {
                    _cluster.Network.Cut(node.Id, other.Id);
                    _cluster.Network.Cut(other.Id, node.Id);
                }

                break;
            case "crash":
                _cluster.Crash(node);
                break;
            case "restart":
                _cluster.Restart(node);
                break;
            case "hold":
                node.HoldSaves = true;
                break;
            case "save":
                node.HoldSaves = false;
                while (node.PendingSaves > 0)
                {
                    _cluster.CompleteSave(node);
                }

                break;
            default:
                _cluster.Act(node, raft => Ask(words, node, raft));
                break;
        }
    }

    private void Ask(string[] words, SimNode node, RaftNode raft)
    {
        switch (words[0])
        {
            case "propose":
                Assert.Equal(ProposeStatus.Accepted, raft.Propose(Commands(words.Skip(2))).Status);
                break;
            case "read":
                var id = Number(words, 2, 0);
                _cluster.Check.ReadAsked(node, id);
                raft.ReadIndex(id);
                break;
            case "transfer":
                Assert.True(raft.TransferLeadership(words.Length > 2 ? new NodeId(words[2]) : NodeId.None), "transfer refused");
                break;
            case "change":
                var (voters, learners) = Members(words[3..]);
                Assert.Equal(ProposeStatus.Accepted, raft.ChangeMembership(voters, learners).Status);
                break;
            case "compact":
                node.Compact(Number(words, 2, 0));
                break;
            case "lost":
                raft.ConnectionLost(new NodeId(words[2]));
                break;
            case "campaign":
                raft.Campaign();
                break;
            default:
                throw new ArgumentException($"unknown line '{words[0]}'");
        }
    }

    public static (NodeId[] Voters, NodeId[] Learners) Members(string[] words)
    {
        var split = Array.IndexOf(words, "learners");
        var voters = split < 0 ? words : words[..split];
        return ([.. voters.Select(word => new NodeId(word))], split < 0 ? [] : [.. words[(split + 1)..].Select(word => new NodeId(word))]);
    }

    /// <summary>Commands by their names; <c>z*3</c> stands for <c>z1 z2 z3</c>.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Commands(IEnumerable<string> words)
    {
        var commands = new List<ReadOnlyMemory<byte>>();
        foreach (var parts in words.Select(word => word.Split('*')))
        {
            var texts = parts.Length == 1
                ? [parts[0]]
                : Enumerable.Range(1, int.Parse(parts[1], CultureInfo.InvariantCulture)).Select(i => $"{parts[0]}{i}");
            commands.AddRange(texts.Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text)));
        }

        return commands;
    }

    private void Timeout(SimNode node)
    {
        const int bound = 1000;
        for (var i = 0; i < bound; i++)
        {
            var (term, role) = (node.Raft!.Term, node.Raft.Role);
            _cluster.Tick(node);
            if (node.Raft.Role != RaftRole.Follower && (node.Raft.Term, node.Raft.Role) != (term, role))
            {
                return;
            }
        }

        Assert.Fail($"{node.Id} never stands for election");
    }

    private void TickAll(int count, bool deliver)
    {
        for (var i = 0; i < count; i++)
        {
            foreach (var node in _cluster.Live)
            {
                _cluster.Tick(node);
            }

            if (deliver)
            {
                _cluster.DeliverAll();
            }
        }
    }

    private void Tick(SimNode node, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _cluster.Tick(node);
        }
    }

    private static int Number(string[] words, int position, int otherwise) =>
        words.Length > position ? int.Parse(words[position], CultureInfo.InvariantCulture) : otherwise;
}
