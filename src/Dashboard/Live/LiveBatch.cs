using System.Collections.Immutable;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Live;

namespace Quorate.Dashboard.Live;

/// <summary>What changed since the previous notification.</summary>
/// <param name="Topics">Topics with new data; empty when only the connection changed.</param>
/// <param name="KeyChanges">Changes to keys, in order, for views that follow a part of the key space.</param>
/// <param name="Reset">Topics of which changes may have been lost: read again what is shown beyond the store.</param>
/// <param name="Deltas">Changes of other topics, in order, for views that know more rows than the store.</param>
public sealed record LiveBatch(
    ImmutableHashSet<string> Topics, ImmutableArray<KvPayload> KeyChanges, ImmutableHashSet<string> Reset, ImmutableArray<LiveMessage> Deltas)
{
    public static readonly LiveBatch ConnectionOnly = new([], [], [], []);

    public bool KeysReset => Reset.Contains(Contracts.Live.Topics.Kv);

    /// <summary>The changes of a topic.</summary>
    public IEnumerable<TPayload> Changes<TPayload>(string topic) =>
        Deltas.Where(message => message.Topic == topic).Select(message => message.Payload.Deserialize<TPayload>(ContractJson.Options)!);
}
