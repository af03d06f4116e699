namespace Quorate.Core.StateMachine.Documents;

/// <summary>A command about a collection or a document in it.</summary>
public abstract record DocumentCommand(string Collection) : Command;

/// <summary>Creates a collection. One that exists with the same strategy stays as it is.</summary>
public sealed record CollectionCreate(string Collection, ConflictStrategy Strategy) : DocumentCommand(Collection);

/// <summary>Drops a collection with everything in it.</summary>
public sealed record CollectionDrop(string Collection) : DocumentCommand(Collection);

/// <summary>Writes a document.</summary>
/// <param name="Expected">
/// Only when the document has this revision; <see cref="DocumentTable.Absent"/>: only when it does not exist; null: always.
/// </param>
/// <param name="Region">Where the change is made.</param>
public sealed record DocumentPut(string Collection, string Key, string? Expected, string Region, ReadOnlyMemory<byte> Value) : DocumentCommand(Collection);

/// <param name="Expected">As in <see cref="DocumentPut"/>.</param>
/// <param name="Region">Where the change is made.</param>
public sealed record DocumentDelete(string Collection, string Key, string? Expected, string Region) : DocumentCommand(Collection);
