using System.Text.Json;

namespace Quorate.Backends.State;

/// <summary>What goes to the subscribers of a topic: the new value itself, so that nobody has to ask for it.</summary>
internal sealed record SyncMessage(long Version, JsonElement Value);
