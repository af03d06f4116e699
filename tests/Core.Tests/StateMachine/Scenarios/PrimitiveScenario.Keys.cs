using System.Text;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;

namespace Quorate.Core.Tests.StateMachine.Scenarios;

internal sealed partial class PrimitiveScenario
{
    private string? Key(string[] words) => words[0] switch
    {
        "put" => Written(Apply(new KvPut(words[1], Ms("ttl"), Expected(words[1]), Encoding.UTF8.GetBytes(words[2])))),
        "remove" => Written(Apply(new KvDelete(words[1], Expected(words[1])))),
        "get" => State.Kv.Get(words[1]) is { } item ? $"{Encoding.UTF8.GetString(item.Value.Span)} version {item.Version}" : "none",
        "past" => List(State.Kv.History(words[1]).Select(Revision)),
        "changes" => Changes(words.Length > 1 ? words[1] : ""),
        _ => null,
    };

    /// <summary>Revisions are named by the values that they wrote.</summary>
    private long? Expected(string key) => Option("if") switch
    {
        null => null,
        "none" => 0,
        "any" => KvTable.AnyRevision,
        var value => RevisionOf(key, value),
    };

    private long RevisionOf(string key, string value) =>
        State.Kv.History(key).First(each => Encoding.UTF8.GetString(each.Value.Span) == value).Revision;

    private string Changes(string prefix)
    {
        var since = Option("since") is { } text && Cut(text, ':') is var (key, value) ? RevisionOf(key, value!) : 0;
        return State.Kv.ChangesSince(prefix, since, int.MaxValue) is { } changes
            ? List(changes.Select(change => $"{change.Key}:{(change.Item is { } item ? Encoding.UTF8.GetString(item.Value.Span) : change.Change)}"))
            : "forgotten";
    }

    private static string Revision(KvRevision revision) =>
        revision.Change == KvChange.Put ? Encoding.UTF8.GetString(revision.Value.Span) : revision.Change.ToString();

    private static string Written(CommandResult result) => result switch
    {
        CommandResult.KvWritten written => written.Created ? "created" : "ok",
        CommandResult.KvDeleted => "ok",
        CommandResult.KvMismatch mismatch => $"mismatch {(mismatch.Current is { } item ? Encoding.UTF8.GetString(item.Value.Span) : "none")}",
        _ => result.GetType().Name,
    };
}
