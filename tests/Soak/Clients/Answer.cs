namespace Quorate.Soak.Clients;

internal enum Outcome
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>The cluster looked, and the key was not as the request needs it: another revision, or no key.</summary>
    Mismatch,

    /// <summary>It was refused for want of a quorum, space or room, with the promise that nothing was changed.</summary>
    NotDone,

    /// <summary>Nobody knows.</summary>
    Unknown,
}

/// <summary>How a request on a key ended.</summary>
/// <param name="Value">Of a read that found the key, and of a mismatch: what the key holds; null when there is no key.</param>
/// <param name="Revision">With a value its revision, 0 without.</param>
/// <param name="Code">Of a refusal: the code of its problem.</param>
internal readonly record struct Answer(Outcome Outcome, string? Value = null, long Revision = 0, string? Code = null);
