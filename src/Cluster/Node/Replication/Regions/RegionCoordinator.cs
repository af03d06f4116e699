using System.Collections.Concurrent;
using Quorate.Contracts.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Node.Access;

namespace Quorate.Node.Replication.Regions;

/// <summary>
/// The coordinator's side of a link: answers what regions ask. All that it knows is in the cluster's replicated state, so any gateway of the
/// coordinating region can answer. For that region's own agent it is the link itself.
/// </summary>
public sealed class RegionCoordinator : IRegionLink, IDisposable
{
    /// <summary>What a region has is noted at most this often while it asks without pause.</summary>
    private const long NoteMs = 250;

    private readonly IRegionStore _store;
    private readonly RegionLinkGate _gate;
    private readonly TimeProvider _time;
    private readonly RegionCopies _copies;
    private readonly Pulse _changed = new();
    private readonly ConcurrentDictionary<string, long> _noted = new(StringComparer.Ordinal);
    private readonly RegionContacts _contacts;

    public RegionCoordinator(IRegionStore store, RegionLinkGate gate, TimeProvider time)
    {
        (_store, _gate, _time) = (store, gate, time);
        _copies = new RegionCopies(store, time);
        _contacts = new RegionContacts(time);
        store.Changed += _changed.Beat;
        gate.Changed += _changed.Beat;
    }

    /// <summary>What a region's agent does, by what it asks for.</summary>
    /// <returns>One of <see cref="RegionPhases"/>; null when it has not been heard of since this process started.</returns>
    public string? PhaseOf(string region) => _contacts.PhaseOf(region);

    public async Task<HelloAnswer> HelloAsync(HelloRequest request, CancellationToken cancel)
    {
        Admit(request.Region);
        using var contact = _contacts.Begin(request.Region, RegionPhases.Fetching);
        var standing = await ExecuteAsync(new CoordinatorHello(request.Region, request.Session, request.Settled), cancel);
        return new HelloAnswer(standing.Received, standing.Refusals, _store.Peek(state => CoordinatorAnswers.Others(state, request.Region)));
    }

    public async Task<PushAnswer> PushAsync(PushRequest request, CancellationToken cancel)
    {
        Admit(request.Region);
        var standing = await ExecuteAsync(new CoordinatorRecord(request.Region, request.Session, request.Settled, request.Changes), cancel);
        return new PushAnswer(standing.Received, standing.Refusals);
    }

    public async Task<PullAnswer> PullAsync(PullRequest request, CancellationToken cancel)
    {
        Admit(request.Region);

        // Only who has caught up waits for what comes.
        using var contact = _contacts.Begin(request.Region, request.WaitMs > 0 ? RegionPhases.Streaming : RegionPhases.Fetching);
        await NoteAsync(request, cancel);
        var began = _time.GetTimestamp();
        while (true)
        {
            var changed = _changed.Next;
            Admit(request.Region);
            var answer = _store.Peek(state => CoordinatorAnswers.Pull(state, request, origin => _gate.IsCut(origin, request.Region)));
            var rest = TimeSpan.FromMilliseconds(request.WaitMs) - _time.GetElapsedTime(began);
            switch (answer)
            {
                case RefusedAnswer refused:
                    throw new RegionLinkException(refused.Code, refused.Detail);
                case PullAnswer pull when !pull.IsEmpty || rest <= TimeSpan.Zero:
                    return pull;
            }

            await changed.WaitAsync(rest, _time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancel.ThrowIfCancellationRequested();
        }
    }

    public Task<CopyAnswer> CopyAsync(CopyRequest request, CancellationToken cancel)
    {
        Admit(request.Region);
        using var contact = _contacts.Begin(request.Region, RegionPhases.Copying);
        return Task.FromResult(_copies.Read(request));
    }

    public void Dispose()
    {
        _store.Changed -= _changed.Beat;
        _gate.Changed -= _changed.Beat;
    }

    /// <exception cref="RegionLinkException">The region is not known, or its link is cut.</exception>
    private void Admit(string region)
    {
        var settings = _store.Peek(state => state.Regions.Settings)
            ?? throw new RegionLinkException(RefusalCodes.NotCoordinator, "This cluster has not been told yet which region it is.");
        if (!settings.IsCoordinator)
        {
            throw new RegionLinkException(RefusalCodes.NotCoordinator, $"{settings.Self} is not the coordinator: {settings.Coordinator} is.");
        }

        if (!settings.Knows(region))
        {
            throw new RegionLinkException(
                RefusalCodes.UnknownRegion, $"'{region}' is no region of this system. Known are {string.Join(", ", settings.Regions)}.");
        }

        if (region != settings.Self && _gate.IsCut(region, settings.Self))
        {
            _contacts.Lose(region);
            throw new RegionLinkException(RefusalCodes.Cut, $"The laboratory has cut the link between {region} and {settings.Self}.");
        }
    }

    /// <summary>The logs need not keep for a region what it has.</summary>
    private async Task NoteAsync(PullRequest request, CancellationToken cancel)
    {
        var (now, last) = (_time.GetTimestamp(), _noted.GetValueOrDefault(request.Region, long.MinValue));
        var isNews = _store.Peek(state => request.Held.Any(held => held.Number > state.Coordinator.Acknowledged(request.Region, held.Origin)));
        if (isNews && (last == long.MinValue || _time.GetElapsedTime(last, now).TotalMilliseconds >= NoteMs))
        {
            _noted[request.Region] = now;
            await ExecuteAsync(new CoordinatorAck(request.Region, request.Held), cancel);
        }
    }

    private async Task<ExchangeResult.CoordinatorStanding> ExecuteAsync(CoordinatorCommand command, CancellationToken cancel)
    {
        try
        {
            return await _store.ExecuteAsync(command, cancel) switch
            {
                ExchangeResult.CoordinatorStanding standing => standing,
                ExchangeResult.CoordinatorAcknowledged => new ExchangeResult.CoordinatorStanding(0, []),
                ExchangeResult.CoordinatorRefused refused => throw new RegionLinkException(refused.Code, refused.Detail),
                var other => throw new RegionLinkException(RefusalCodes.Malformed, $"The cluster answered with {other}."),
            };
        }
        catch (ClusterUnavailableException error)
        {
            throw new RegionLinkException(RefusalCodes.Unavailable, error.Message, error);
        }
    }
}
