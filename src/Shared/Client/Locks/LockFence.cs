using System.Globalization;

namespace Quorate.Client;

/// <summary>A lock and the fencing token of a grant: what a protected resource needs to tell an old holder from the present one.</summary>
/// <param name="Token">Strictly increasing per lock; larger means later.</param>
public readonly record struct LockFence(string Lock, long Token)
{
    /// <summary>As in the header <see cref="Contracts.Headers.Fencing"/>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Uri.EscapeDataString(Lock)}:{Token}");
}
