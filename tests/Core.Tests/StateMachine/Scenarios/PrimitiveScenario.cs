using System.Globalization;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Queues;
using Quorate.Core.StateMachine.Sessions;

namespace Quorate.Core.Tests.StateMachine.Scenarios;

/// <summary>
/// One scenario about locks, queues, elections and keys: a line is a command or a question, with its arguments and <c>name=value</c>
/// options; <c>-></c> gives its answer, <c>#</c> begins a comment. Requests that waited and are answered by a line follow its answer after
/// a semicolon, and may not be left out. After each line every invariant of every table is checked.
/// <code>
/// pass MS                                                time passes, and an entry of the log notices
/// restart                                                everything goes on from a snapshot
/// session S ttl=MS | keep S | close S
///
/// queue Q [maxDeliveries=N visibility=MS maxLength=N maxBytes=N overflow=Reject|DropOldest dedup=MS]
/// enqueue Q a b:9 c+50 d#id                              messages by their bodies: priority 9, delayed 50 ms, with a deduplication id
/// dequeue Q CONSUMER [N] [visibility=MS wait=MS]         a message that was delivered before: a(2)
/// ack|nack|extend Q CONSUMER a b [delay=MS visibility=MS]   by the newest receipts that the consumer has
/// purge Q Ready|Delayed|InFlight|Dead [N] | redrive Q [N] [a b] | requeue Q Delayed|InFlight [N] [a b] | leave Q CONSUMER | delete Q
/// Ready|Delayed|InFlight|Dead Q | consumers Q | counters Q
///
/// acquire L OWNER [Shared|Exclusive] [ttl=MS wait=MS session=S]    L+M: both at once; L:2/3: two of three permits
/// renew|release L OWNER [token=OLD] | force L | withdraw L OWNER
/// holders L | waiting L | history L | deadlocks
///
/// campaign E WHO [ttl=MS session=S value=V] | lead E WHO | proclaim E WHO V | resign E WHO
/// leader E | candidates E | terms E
///
/// put K V [ttl=MS if=V|none|any] | remove K [if=V|any] | get K | past K | changes PREFIX since=K:V
/// </code>
/// </summary>
internal sealed partial class PrimitiveScenario(string name)
{
    private const long DefaultTtlMs = 1_000_000;

    private readonly Dictionary<string, long> _sessions = [];
    private readonly Dictionary<long, string> _tickets = [];
    private readonly Dictionary<string, string> _options = [];
    private Replica _replica = new();

    private ClusterState State => _replica.State;

    public void Run(IReadOnlyList<string> lines)
    {
        for (var number = 1; number <= lines.Count; number++)
        {
            var line = lines[number - 1].Split("# ")[0];
            var parts = line.Split("->", StringSplitOptions.TrimEntries);
            if (parts[0].Length == 0)
            {
                continue;
            }

            try
            {
                Line(parts[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), parts.Length > 1 ? parts[1] : null);
            }
            catch (Exception exception)
            {
                Assert.Fail($"{name}:{number}: {lines[number - 1]}\n{exception.Message}\n{exception.StackTrace}");
            }
        }
    }

    private void Line(string[] line, string? expected)
    {
        var words = line.Where(word => !word.Contains('=')).ToArray();
        _options.Clear();
        foreach (var option in line.Where(word => word.Contains('=')))
        {
            _options.Add(option.Split('=')[0], option.Split('=')[1]);
        }

        _replica.Events.Clear();
        var answer = Take(words);
        Assert.True(_options.Count == 0, $"no option {string.Join(", ", _options.Keys)}");
        var endings = Endings().ToList();
        var told = string.Join("; ", endings.Prepend(answer));
        Assert.True(expected is not null ? expected == told : endings.Count == 0, $"the answer is: {told}");
        StateInvariants.Check(State);
    }

    private string Take(string[] words) => words[0] switch
    {
        "pass" => Pass(Number(words[1])),
        "restart" => Restart(),
        "session" => Open(words[1]),
        "keep" => Shown(Apply(new SessionKeepAlive(_sessions[words[1]]))),
        "close" => Shown(Apply(new SessionClose(_sessions[words[1]]))),
        _ => Queue(words) ?? Lock(words) ?? Election(words) ?? Key(words) ?? throw new ArgumentException($"unknown line '{words[0]}'"),
    };

    private CommandResult Apply(Command command)
    {
        var result = _replica.Apply(command);
        var who = command switch
        {
            QueueDequeue dequeue => dequeue.Consumer,
            Core.StateMachine.Locks.ILockRequest request => request.Owner,
            _ => null,
        };
        if (who is not null && result is IQueuedResult queued)
        {
            _tickets[queued.Ticket] = who;
        }

        return result;
    }

    private string Pass(long ms)
    {
        _replica.Advance(ms);
        _replica.Clock();
        return "ok";
    }

    private string Restart()
    {
        _replica = _replica.Restarted();
        return "ok";
    }

    private string Open(string session)
    {
        var opened = Assert.IsType<CommandResult.SessionOpened>(Apply(new SessionOpen(Ms("ttl") ?? DefaultTtlMs, session)));
        _sessions[session] = opened.Session.Id;
        return "ok";
    }

    /// <summary>What became of requests that waited, and of leaders.</summary>
    private IEnumerable<string> Endings()
    {
        foreach (var item in _replica.Events)
        {
            switch (item)
            {
                case IWaitEnded ended:
                    var who = _tickets[ended.Ticket];
                    yield return $"{who}: {(ended is StateEvent.QueueWaitEnded ? Shown(who, ended.Result) : ShownFor(who, ended.Result))}";
                    break;
                case StateEvent.ElectionTermEnded term:
                    yield return $"{term.Term.Leader} {term.Term.Cause}, {term.Next ?? "nobody"} leads";
                    break;
            }
        }
    }

    private static string Shown(CommandResult result) => result switch
    {
        CommandResult.SessionRenewed or CommandResult.SessionClosed or CommandResult.Done => "ok",
        _ => result.GetType().Name,
    };

    private static string List(IEnumerable<string> items) => string.Join(' ', items) is { Length: > 0 } list ? list : "none";

    private long? Ms(string option) => _options.Remove(option, out var text) ? Number(text) : null;

    private string? Option(string option) => _options.Remove(option, out var text) ? text : null;

    private long? SessionOption() => Option("session") is { } session ? _sessions[session] : null;

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static bool IsNumber(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
