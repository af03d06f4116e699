using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Quorate.Contracts.Regions;
using Quorate.Core.Clocks;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine;
using Quorate.Node.Access;

namespace Quorate.Node.Replication.Regions;

/// <summary>
/// Runs a region's agent: hands its changes to the coordinator, and takes in what the others changed. It decides nothing itself:
/// <see cref="RegionAgent"/> says what to do, and hears what came of it. It may be killed at any moment.
/// </summary>
public sealed partial class RegionAgentWorker(
    string region, IRegionStore store, IRegionLink link, RegionAgentOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>The agent takes a step at least this often: pauses end, and leases are renewed.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly RegionAgent _agent = new(new AgentSettings(
        $"{region}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}",
        region,
        options.MaxChanges,
        options.MaxBytes,
        (int)options.PullWait.TotalMilliseconds,
        (long)options.FirstPause.TotalMilliseconds,
        (long)options.LongestPause.TotalMilliseconds,
        (long)options.Lease.TotalMilliseconds));

    private readonly ConcurrentQueue<Action> _inputs = new();
    private readonly Pulse _pulse = new();
    private readonly RegionMeasures _measures = new();
    private CancellationTokenSource _sending = new();
    private int _generation;
    private AgentPhase _phase = AgentPhase.Disconnected;

    public string Region => region;

    /// <summary>What it does and has measured; may be read at any time, from any thread.</summary>
    public RegionStatus Status { get; private set; } =
        new(region, RegionPhases.Disconnected, null, 0, 0, new Dictionary<string, long>(), []);

    /// <summary>Whether this agent, of all gateways of the region, has the outbox: what one of them is enough for, it does.</summary>
    public bool HoldsOutbox => store.Peek(state => state.Outbox.Session.Agent == _agent.Name);

    /// <summary>Counts a failure of something else that passes between regions.</summary>
    /// <param name="code">One of <see cref="RefusalCodes"/>.</param>
    public void CountFailure(string code) => Post(() => _measures.Failed(code));

    /// <summary>Tries now what waits for a pause to end.</summary>
    public void Wake() => Post(_agent.Wake);

    /// <summary>Runs until it is cancelled; whatever fails is tried again.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        store.Changed += _pulse.Beat;
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                var next = _pulse.Next;
                Round(cancel);
                if (_inputs.IsEmpty)
                {
                    await next.WaitAsync(Tick, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
        finally
        {
            store.Changed -= _pulse.Beat;
            await _sending.CancelAsync();
        }
    }

    private void Round(CancellationToken cancel)
    {
        while (_inputs.TryDequeue(out var input))
        {
            input();
        }

        _agent.Step(Look());
        if (_agent.Generation != _generation)
        {
            // Nobody waits for these answers any more; a long question would go on for seconds.
            _generation = _agent.Generation;
            _sending.Cancel();
            _sending = new CancellationTokenSource();
            Failed(logger, region, _agent.Error?.Code ?? "", _agent.Error?.Message ?? "");
        }

        foreach (var action in _agent.TakeActions())
        {
            _ = CarryOutAsync(action, _sending.Token, cancel);
        }

        if (_agent.Phase != _phase)
        {
            _phase = _agent.Phase;
            PhaseChanged(logger, region, PhaseNames.Of(_phase));
        }

        Status = _measures.Status(region, _agent, store, NowMs);
    }

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    private AgentSight Look()
    {
        var now = NowMs;
        return store.Peek(state => new AgentSight(
            now,
            state.Outbox.Waiting > 0 || state.Outbox.NextRetry?.UnixMs <= Math.Max(now, state.Time.UnixMs),
            state.Regions.Settings?.Regions
                .Where(other => other != region)
                .Select(other => new OriginPosition(other, state.Inbox.Get(other).Position))
                .ToArray(),
            RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20)));
    }

    /// <summary>Does what the agent wants, and tells it what came of it. Nothing is awaited here by the agent.</summary>
    private async Task CarryOutAsync(AgentAction action, CancellationToken sending, CancellationToken cancel)
    {
        try
        {
            switch (action)
            {
                case AgentAction.Execute execute:
                    var result = await store.ExecuteAsync(execute.Command, cancel).ConfigureAwait(false);
                    Post(() =>
                    {
                        _measures.Applied(execute.Command, NowMs);
                        _agent.OnResult(action.Id, result);
                    });
                    break;
                case AgentAction.Send send:
                    var answer = await SendAsync(send.Message, sending).ConfigureAwait(false);
                    var arrived = NowMs;
                    Post(() =>
                    {
                        _measures.Arrived(answer, arrived);
                        _agent.OnAnswer(action.Id, answer);
                    });
                    break;
                case AgentAction.Compare compare:
                    var concurrent = store.Peek(state => compare.Changes.Sum(origin => Concurrent(state, origin)));
                    Post(() => _agent.OnCompared(action.Id, concurrent));
                    break;
            }
        }
        catch (RegionLinkException error)
        {
            Fail(action, error.Code, error.Message);
        }
        catch (ClusterUnavailableException error)
        {
            Fail(action, RefusalCodes.Unavailable, error.Message);
        }
        catch (OperationCanceledException)
        {
            // The agent has given it up, or ends.
        }
    }

    private async Task<RegionMessage> SendAsync(RegionMessage message, CancellationToken cancel) => message switch
    {
        HelloRequest hello => await link.HelloAsync(hello, cancel).ConfigureAwait(false),
        PushRequest push => await link.PushAsync(push, cancel).ConfigureAwait(false),
        PullRequest pull => await link.PullAsync(pull, cancel).ConfigureAwait(false),
        CopyRequest copy => await link.CopyAsync(copy, cancel).ConfigureAwait(false),
        _ => throw new System.Diagnostics.UnreachableException(message.GetType().Name),
    };

    /// <summary>How many of the changes stand against what this region has of the documents.</summary>
    private static int Concurrent(ClusterState state, OriginChanges origin) => origin.Changes.Count(change =>
        change is { Key: { } key, Version: { } version }
        && state.Documents.Get(change.Collection)?.Get(key)?.Clock.CompareTo(version.Clock) == ClockOrder.Concurrent);

    private void Fail(AgentAction action, string code, string message) => Post(() =>
    {
        _measures.Failed(code);
        _agent.OnFailure(action.Id, code, message);
    });

    private void Post(Action input)
    {
        _inputs.Enqueue(input);
        _pulse.Beat();
    }

    [LoggerMessage(3201, LogLevel.Warning, "Region {Region} does not reach the coordinator ({Code}): {Problem}")]
    private static partial void Failed(ILogger logger, string region, string code, string problem);

    [LoggerMessage(3202, LogLevel.Debug, "Region {Region} is {Phase}.")]
    private static partial void PhaseChanged(ILogger logger, string region, string phase);
}
