using System.Diagnostics;
using Quorate.Core.Codec;
using Quorate.Core.Collections;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>How far a region is with the changes of one other.</summary>
/// <param name="Position">The last number of which, and of all before it, this region has taken in what was not refused.</param>
/// <param name="Applied">Changes taken in, by <see cref="ChangeKind"/> less 1.</param>
public sealed record InboxOrigin(string Origin, long Position, IReadOnlyList<long> Applied)
{
    public const int Kinds = 5;

    public long Count(ChangeKind kind) => Applied[(int)kind - 1];
}

/// <summary>What a region takes in from the others: in order from each origin's log, or without order from a copy.</summary>
public sealed class Inbox
{
    private readonly CowTree<string, InboxOrigin> _origins = new(StringComparer.Ordinal);

    /// <summary>By name; those from which something came.</summary>
    public IEnumerable<InboxOrigin> Origins => _origins.All().Select(pair => pair.Value);

    public InboxOrigin Get(string origin) =>
        _origins.TryGet(origin, out var known) ? known : new InboxOrigin(origin, 0, new long[InboxOrigin.Kinds]);

    internal ExchangeResult Apply(InboxCommand command, RegionSettings? settings, DocumentTable documents, in ApplyContext context) => command switch
    {
        _ when settings is null => new ExchangeResult.RegionUnknown(""),
        InboxApply apply => Follow(apply, settings, documents, context),
        InboxMerge merge => Merge(merge, documents, context),
        InboxMerged merged => Merged(merged, settings),
        _ => throw new UnreachableException(command.GetType().Name),
    };

    private ExchangeResult Follow(InboxApply apply, RegionSettings settings, DocumentTable documents, in ApplyContext context)
    {
        if (!settings.Knows(apply.Origin) || apply.Origin == settings.Self)
        {
            return new ExchangeResult.RegionUnknown(apply.Origin);
        }

        var origin = Get(apply.Origin);
        if (apply.After > origin.Position)
        {
            return new ExchangeResult.InboxGap(origin.Position);
        }

        var applied = origin.Applied.ToArray();
        foreach (var change in apply.Changes)
        {
            if (change.Number > origin.Position)
            {
                documents.Accept(change, context);
                applied[(int)change.Kind - 1]++;
            }
        }

        var position = Math.Max(origin.Position, apply.UpTo);
        _origins.Set(apply.Origin, new InboxOrigin(apply.Origin, position, applied));
        return new ExchangeResult.InboxApplied(position);
    }

    private static ExchangeResult.InboxApplied Merge(InboxMerge merge, DocumentTable documents, in ApplyContext context)
    {
        foreach (var change in merge.Changes)
        {
            documents.Accept(change, context);
        }

        return new ExchangeResult.InboxApplied(0);
    }

    private ExchangeResult.InboxApplied Merged(InboxMerged merged, RegionSettings settings)
    {
        foreach (var (name, number) in merged.Positions)
        {
            if (settings.Knows(name) && name != settings.Self && Get(name) is var origin && number > origin.Position)
            {
                _origins.Set(name, origin with { Position = number });
            }
        }

        return new ExchangeResult.InboxApplied(0);
    }

    internal CowTree<string, InboxOrigin>.Frozen Freeze() => _origins.Freeze();

    internal void Restore(InboxOrigin origin) => _origins.Set(origin.Origin, origin);

    internal static void Write(ByteWriter writer, InboxOrigin origin)
    {
        writer.String(origin.Origin);
        writer.VarInt(origin.Position);
        foreach (var count in origin.Applied)
        {
            writer.VarInt(count);
        }
    }

    internal static InboxOrigin Read(ref ByteReader reader)
    {
        var (name, position, applied) = (reader.String(), reader.VarInt(), new long[InboxOrigin.Kinds]);
        for (var i = 0; i < applied.Length; i++)
        {
            applied[i] = reader.VarInt();
        }

        return new InboxOrigin(name, position, applied);
    }
}
