using System.Text;
using Quorate.Core.Raft;

namespace Quorate.Core.Tests.Raft.Harness;

/// <summary>What happened, as one number that two equal runs share, and as the last lines for a failure's message.</summary>
internal sealed class Trace
{
    private const int KeptLines = 60;
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    private readonly Queue<object> _last = new();

    /// <summary>FNV-1a over every line.</summary>
    public ulong Hash { get; private set; } = FnvOffset;

    public void Delivered(Message message)
    {
        Mix(message.GetType().Name);
        Mix(message.From.Value);
        Mix(message.To.Value);
        Mix(message.Term.Value);
        if (message is AppendRequest append)
        {
            Mix(append.PreviousIndex.Value);
            Mix(append.Commit.Value);
            Mix(append.Entries.Count);
        }

        Keep(message);
    }

    public void Note(string line)
    {
        Mix(line);
        Keep(line);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var item in _last)
        {
            text.AppendLine(item is Message message ? Describe(message) : item.ToString());
        }

        return text.ToString();
    }

    public static string Describe(Message message)
    {
        var detail = message switch
        {
            VoteRequest m => $"last {m.LastIndex}/{m.LastTerm}{(m.PreVote ? " pre" : "")}{(m.Force ? " force" : "")}",
            VoteResponse m => $"{(m.Granted ? "granted" : "refused")}{(m.PreVote ? " pre" : "")}",
            AppendRequest m => $"after {m.PreviousIndex}/{m.PreviousTerm} entries {m.Entries.Count} commit {m.Commit}",
            AppendResponse m => m.Accepted ? $"match {m.Index}" : $"rejected {m.Index} hint {m.HintIndex}/{m.HintTerm}",
            HeartbeatRequest m => $"commit {m.Commit} round {m.ReadRound}",
            HeartbeatResponse m => $"round {m.ReadRound}",
            SnapshotChunk m => $"snapshot {m.Meta.Index} at {m.Offset} bytes {m.Data.Length}{(m.Done ? " done" : "")}",
            SnapshotResponse m => $"snapshot {m.SnapshotIndex} next {m.NextOffset}{(m.Installed ? " installed" : "")}",
            _ => "",
        };
        return $"{message.From}>{message.To} t{message.Term} {message.GetType().Name} {detail}";
    }

    private void Keep(object item)
    {
        _last.Enqueue(item);
        if (_last.Count > KeptLines)
        {
            _last.Dequeue();
        }
    }

    private void Mix(string text)
    {
        foreach (var character in text)
        {
            Mix(character);
        }
    }

    private void Mix(long value) => Hash = (Hash ^ (ulong)value) * FnvPrime;
}
