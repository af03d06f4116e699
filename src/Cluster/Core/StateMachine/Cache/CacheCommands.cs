namespace Quorate.Core.StateMachine.Cache;

public abstract record CacheCommand : Command;

/// <summary>Writes a key of the cache.</summary>
/// <param name="TtlMs">Null: until it gives way to newer ones.</param>
/// <param name="Value">UTF-8 JSON of at most <see cref="CacheTable.MaxValueBytes"/>; the table does not look inside.</param>
public sealed record CachePut(string Key, long? TtlMs, ReadOnlyMemory<byte> Value) : CacheCommand;

/// <summary>Takes a key out of the cache, everywhere.</summary>
public sealed record CacheDelete(string Key) : CacheCommand;
