using System.Globalization;
using System.Text;
using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Core.Tests.Raft.Harness;

namespace Quorate.Core.Tests.Raft.Scenarios;

/// <summary>The lines before the first action: who there is, how it is configured, what is on its disk.</summary>
internal sealed class ScenarioSetup
{
    private readonly List<NodeId> _voters = [];
    private readonly List<NodeId> _learners = [];
    private readonly List<NodeId> _spares = [];
    private readonly Dictionary<NodeId, long[]> _logs = [];
    private readonly Dictionary<NodeId, HardState> _hardStates = [];

    private RaftConfig _config = new()
    {
        Id = new NodeId("unnamed"),
        HeartbeatTicks = 2,
        ElectionTicksMin = 10,
        ElectionTicksMax = 40,
        SnapshotChunkBytes = 8,
    };

    /// <summary>Answers whether the line belongs to the setup.</summary>
    public bool Take(string[] words)
    {
        switch (words[0])
        {
            case "nodes":
                _voters.AddRange(words.Skip(1).Select(word => new NodeId(word)));
                return true;
            case "learners":
                _learners.AddRange(words.Skip(1).Select(word => new NodeId(word)));
                return true;
            case "spare":
                _spares.AddRange(words.Skip(1).Select(word => new NodeId(word)));
                return true;
            case "config":
                Array.ForEach(words[1..], Configure);
                return true;
            case "log":
                _logs[new NodeId(words[1])] = [.. words.Skip(2).Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
                return true;
            case "term":
                var voted = words.Length > 3 ? new NodeId(words[4]) : NodeId.None;
                _hardStates[new NodeId(words[1])] = new HardState(new Term(long.Parse(words[2], CultureInfo.InvariantCulture)), voted, LogIndex.Zero);
                return true;
            default:
                return false;
        }
    }

    public void Start(RaftCluster cluster)
    {
        var founding = Membership.Of(_voters) with { Learners = [.. _learners.Order()] };
        foreach (var id in _voters.Concat(_learners))
        {
            cluster.Add(_config with { Id = id }, OnDisk(id, founding));
        }

        foreach (var id in _spares)
        {
            cluster.Add(_config with { Id = id }, RestoredState.Founding(Membership.Empty));
        }
    }

    private RestoredState OnDisk(NodeId id, Membership founding)
    {
        var terms = _logs.GetValueOrDefault(id, []);
        var restored = RestoredState.Founding(founding);
        var hardState = restored.HardState with { Term = new Term(terms.LastOrDefault()) };
        return restored with
        {
            HardState = _hardStates.GetValueOrDefault(id, hardState),
            Entries = [.. terms.Select((term, position) => Recorded(term, position + 1))],
        };
    }

    /// <summary>The same for every node that has an entry of this term at this index, as log matching demands.</summary>
    private static Entry Recorded(long term, int index) => new(
        new Term(term), new LogIndex(index), new HlcTimestamp(term * 1000 + index), EntryKind.Command, Encoding.UTF8.GetBytes($"{term}.{index}"));

    private void Configure(string setting)
    {
        var (name, value) = (setting.Split('=')[0], setting.Split('=')[1]);
        int Number() => int.Parse(value, CultureInfo.InvariantCulture);
        _config = name switch
        {
            "maxAppendEntries" => _config with { MaxAppendEntries = Number() },
            "maxInflightAppends" => _config with { MaxInflightAppends = Number() },
            "maxInflightBytes" => _config with { MaxInflightBytes = Number() },
            "maxUncommittedBytes" => _config with { MaxUncommittedBytes = Number() },
            "maxLogBytes" => _config with { MaxLogBytes = Number() },
            "chunkBytes" => _config with { SnapshotChunkBytes = Number() },
            "staggerTicks" => _config with { ConnectionLostStaggerTicks = Number() },
            "leaseReads" => _config with { LeaseReads = bool.Parse(value) },
            _ => throw new ArgumentException($"no setting {name}"),
        };
    }
}
