using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quorate.Contracts.State;

/// <summary>A value that several processes share and change in turn.</summary>
/// <param name="Version">Grows with each change; send it back to change just this one.</param>
/// <param name="Backend">Which backend holds it; one of <see cref="StateBackends"/>.</param>
public sealed record SharedStateView(string Topic, JsonElement Value, long Version, DateTimeOffset UpdatedAt, string Backend);

/// <param name="Value">Any JSON value.</param>
/// <param name="IfVersion">Write only when the state has this version; 0: only when there is none. Null writes in any case.</param>
public sealed record PutStateRequest(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] JsonElement Value = default, long? IfVersion = null);

/// <param name="Created">Whether there was none before.</param>
public sealed record PutStateResponse(string Topic, long Version, bool Created, string Backend);

public static class StateBackends
{
    /// <summary>The replicated state of the cluster.</summary>
    public const string Cluster = "cluster";

    /// <summary>A Redis.</summary>
    public const string Redis = "redis";

    /// <summary>The memory of one process.</summary>
    public const string Memory = "memory";
}
