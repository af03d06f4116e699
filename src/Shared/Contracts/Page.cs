namespace Quorate.Contracts;

/// <summary>One page of a list.</summary>
/// <param name="Items">At most <c>limit</c> items (default 100, at most 1000), in the list's own order.</param>
/// <param name="NextCursor">Opaque; pass it as <c>cursor</c> to go on. Null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
