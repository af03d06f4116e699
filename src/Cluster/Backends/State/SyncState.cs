namespace Quorate.Backends.State;

/// <summary>A value and its version. Versions of one topic grow from write to write.</summary>
public sealed record SyncState<T>(T Value, long Version);

/// <summary>Others changed the value each time before an update could be written.</summary>
public sealed class SyncConflictException(string topic, int attempts)
    : Exception($"The state '{topic}' was changed by others {attempts} times in a row while it was to be updated.")
{
    public string Topic { get; } = topic;
}
