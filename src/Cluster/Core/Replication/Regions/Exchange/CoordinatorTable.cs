using System.Diagnostics;
using Quorate.Core.Codec;
using Quorate.Core.Collections;
using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>
/// The coordinator's part, in the cluster of the region that has the role: one log for each origin, and how far each region has each of them.
/// It takes exactly the next number of an origin, and only from the origin's latest session.
/// </summary>
public sealed class CoordinatorTable
{
    private readonly SortedDictionary<string, OriginLog> _origins = new(StringComparer.Ordinal);
    private readonly CowTree<(string Region, string Origin), long> _acknowledged = new(Comparer<(string Region, string Origin)>.Create(Compare));

    /// <summary>By name.</summary>
    public IEnumerable<OriginLog> Origins => _origins.Values;

    public OriginLog? Get(string origin) => _origins.GetValueOrDefault(origin);

    /// <summary>The last change of an origin that a region is known to have.</summary>
    public long Acknowledged(string region, string origin) => _acknowledged.TryGet((region, origin), out var number) ? number : 0;

    internal ExchangeResult Apply(CoordinatorCommand command, RegionSettings? settings, in ApplyContext context)
    {
        if (settings?.IsCoordinator != true)
        {
            var holder = settings is null ? "This cluster is no region" : $"{settings.Self} is not the coordinator: {settings.Coordinator} is";
            return new ExchangeResult.CoordinatorRefused(RefusalCodes.NotCoordinator, $"{holder}.");
        }

        return command switch
        {
            CoordinatorHello hello => Known(hello.Region, settings) ?? Hello(hello, settings),
            CoordinatorRecord record => Known(record.Region, settings) ?? Record(record, settings, context),
            CoordinatorAck ack => Known(ack.Region, settings) ?? Acknowledge(ack, settings),
            _ => throw new UnreachableException(command.GetType().Name),
        };
    }

    private static ExchangeResult.CoordinatorRefused? Known(string region, RegionSettings settings) => settings.Knows(region)
        ? null
        : new ExchangeResult.CoordinatorRefused(
            RefusalCodes.UnknownRegion, $"'{region}' is no region of this system. Known are {string.Join(", ", settings.Regions)}.");

    private ExchangeResult Hello(CoordinatorHello hello, RegionSettings settings)
    {
        var log = LogOf(hello.Region);
        if (hello.Session < log.Session)
        {
            return Stale(log);
        }

        // What lies between is lost here. The region hears so first, and offers what it has again before the log goes on without it.
        if (hello.Session == log.Session)
        {
            log.Skip(hello.Settled);
        }

        log.Begin(hello.Session);
        log.Settle(hello.Settled);
        Prune(log, settings);
        return new ExchangeResult.CoordinatorStanding(log.Received, [.. log.Refusals(hello.Settled)]);
    }

    private ExchangeResult Record(CoordinatorRecord record, RegionSettings settings, in ApplyContext context)
    {
        var log = LogOf(record.Region);
        if (record.Session != log.Session)
        {
            return Stale(log);
        }

        // What is not even in this region's own state must not be forgotten: its origin has it in the outbox meanwhile.
        if (log.IsFull(settings.KeepEvents, settings.KeepEventBytes) && log.Pruned >= Taken(log, settings))
        {
            return new ExchangeResult.CoordinatorRefused(
                RefusalCodes.Overloaded, $"{settings.Self} has not taken in what {log.Origin} sent before: the log has room when it has.");
        }

        log.Settle(record.Settled);
        foreach (var change in record.Changes)
        {
            if (change.Origin != record.Region)
            {
                log.CountRefused();
                return new ExchangeResult.CoordinatorRefused(
                    RefusalCodes.ForeignChange, $"{record.Region} hands over a change of {change.Origin}; each region hands over its own.");
            }

            if (change.Number <= log.Received)
            {
                log.CountDuplicate();
                continue;
            }

            if (change.Number != log.Received + 1)
            {
                log.CountRefused();
                return new ExchangeResult.CoordinatorRefused(
                    RefusalCodes.Gap, $"{record.Region} sent number {change.Number}, but {log.Received + 1} comes next.");
            }

            if (ChangeRules.Refuse(change, settings, context.Time) is { } refusal)
            {
                log.Refuse(refusal);
            }
            else
            {
                log.Record(change);
            }
        }

        Prune(log, settings);
        return new ExchangeResult.CoordinatorStanding(log.Received, [.. log.Refusals(record.Settled)]);
    }

    private ExchangeResult Acknowledge(CoordinatorAck ack, RegionSettings settings)
    {
        foreach (var (origin, number) in ack.Positions)
        {
            if (!settings.Knows(origin) || origin == ack.Region)
            {
                continue;
            }

            // A position beyond the log is one from before this coordinator lost it: what has such numbers by now the region would never ask for.
            if (LogOf(origin) is var log && number > log.Received)
            {
                log.GoOnAfter(number);
            }
            else if (number > Acknowledged(ack.Region, origin))
            {
                _acknowledged.Set((ack.Region, origin), number);
                Prune(log, settings);
            }
        }

        return new ExchangeResult.CoordinatorAcknowledged();
    }

    private void Prune(OriginLog log, RegionSettings settings)
    {
        var others = settings.Regions.Where(region => region != log.Origin).ToList();
        log.Prune(
            others.Count == 0 ? log.Received : others.Min(region => Acknowledged(region, log.Origin)),
            Taken(log, settings),
            settings.KeepEvents,
            settings.KeepEventBytes);
    }

    /// <summary>What this region's own state has of an origin: whoever is overtaken gets that as a copy.</summary>
    private long Taken(OriginLog log, RegionSettings settings) => log.Origin == settings.Self ? log.Received : Acknowledged(settings.Self, log.Origin);

    private OriginLog LogOf(string origin)
    {
        if (Get(origin) is not { } log)
        {
            _origins[origin] = log = new OriginLog(origin);
        }

        return log;
    }

    private static ExchangeResult.CoordinatorRefused Stale(OriginLog log)
    {
        log.CountRefused();
        return new ExchangeResult.CoordinatorRefused(RefusalCodes.StaleSession, $"{log.Origin} is in session {log.Session} by now.");
    }

    private static int Compare((string Region, string Origin) left, (string Region, string Origin) right)
    {
        var region = string.CompareOrdinal(left.Region, right.Region);
        return region != 0 ? region : string.CompareOrdinal(left.Origin, right.Origin);
    }

    internal FrozenCoordinator Freeze() => new([.. Origins.Select(log => log.Freeze())], _acknowledged.Freeze());

    internal void RestoreOrigin(ref ByteReader reader) => LogOf(reader.String()).Restore(ref reader);

    internal void Restore(LoggedChange logged) => LogOf(logged.Change.Origin).Restore(logged);

    internal void Restore(string origin, Refusal refusal) => LogOf(origin).Restore(refusal);

    internal void Restore(string region, string origin, long number) => _acknowledged.Set((region, origin), number);
}

/// <summary>The coordinator's part as it was after one entry.</summary>
internal sealed record FrozenCoordinator(IReadOnlyList<FrozenOrigin> Origins, CowTree<(string Region, string Origin), long>.Frozen Acknowledged);
