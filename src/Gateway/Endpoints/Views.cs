using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Locks;
using Quorate.Contracts.Sessions;
using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Sessions;
using Quorate.Core.StateMachine.Terms;

namespace Quorate.Gateway.Endpoints;

/// <summary>The replicated state in the words of the contract.</summary>
internal static class Views
{
    /// <summary>Bytes of the largest value that a preview carries.</summary>
    public const int PreviewBytes = 4096;

    /// <param name="preview">Whether a value of more than <see cref="PreviewBytes"/> is left out, as in lists.</param>
    public static KeyView Of(KvItem item, bool preview)
    {
        var truncated = preview && item.Value.Length > PreviewBytes;
        return new KeyView(
            item.Key,
            truncated ? null : JsonElement.Parse(item.Value.Span),
            item.Revision,
            item.CreateRevision,
            item.Version,
            Time(item.ModifiedAt),
            Time(item.ExpiresAt),
            item.Value.Length,
            truncated);
    }

    public static LockView Of(LockState state) => new(
        state.Name,
        Mode(state.Permits > 0 ? LockMode.Semaphore : state.Holds is [var first, ..] ? first.Mode : LockMode.Exclusive),
        [.. state.Holds.Select(Of)],
        [.. state.Waits.Select((wait, index) => Of(wait, index + 1))],
        state.NewestToken,
        Permits(state.Permits),
        state.Permits == 0 ? null : state.Permits - state.Holds.Sum(hold => hold.Permits));

    public static LockHolder Of(LockHold hold) => new(
        hold.Owner,
        Mode(hold.Mode),
        hold.Token,
        Time(hold.AcquiredAt),
        Time(hold.ExpiresAt),
        hold.Count,
        SessionId(hold.Session),
        Permits(hold.Permits));

    public static LockWaiter Of(LockWait wait, int position) => new(
        wait.Owner, Mode(wait.Mode), Time(wait.Since), Time(wait.Until), position, SessionId(wait.Session), Permits(wait.Permits));

    /// <param name="next">The term that came after it; null for the newest.</param>
    public static LeaderTerm Of(TermRecord record, TermRecord? next) => new(
        record.Leader.Value,
        record.Term.Value,
        Time(record.From),
        Time(next?.From),
        Cause(record.Cause),
        [.. record.Votes.Select(vote => vote.Value)],
        record.LeaderlessMs < 0 ? null : record.LeaderlessMs,
        record.Index);

    public static SessionView Of(Session session) => new(
        SessionId(session.Id)!, session.Name, session.TtlMs, Time(session.CreatedAt), Time(session.ExpiresAt));

    public static DateTimeOffset Time(HlcTimestamp time) => DateTimeOffset.FromUnixTimeMilliseconds(time.UnixMs);

    public static DateTimeOffset? Time(HlcTimestamp? time) => time is { } value ? Time(value) : null;

    public static string Mode(LockMode mode) => mode switch
    {
        LockMode.Exclusive => "exclusive",
        LockMode.Shared => "shared",
        LockMode.Semaphore => "semaphore",
        _ => throw new UnreachableException(mode.ToString()),
    };

    public static int? Permits(int permits) => permits == 0 ? null : permits;

    private static string? SessionId(long? session) => session?.ToString(CultureInfo.InvariantCulture);

    private static string Cause(ElectionCause cause) => cause switch
    {
        ElectionCause.Bootstrap => ElectionCauses.Bootstrap,
        ElectionCause.Timeout => ElectionCauses.Timeout,
        ElectionCause.ConnectionLost => ElectionCauses.ConnectionLost,
        ElectionCause.Transfer => ElectionCauses.Transfer,
        ElectionCause.Operator => ElectionCauses.Operator,
        _ => throw new UnreachableException(cause.ToString()),
    };
}
