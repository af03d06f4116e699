using Quorate.Core.Replication.Regions.Exchange;

namespace Quorate.Node.Replication.Regions;

/// <summary>
/// A region's way to the coordinator. What goes over it is idempotent and fenced by a session, so that a transport may lose, repeat and
/// reorder: HTTP/2, this process, and later a broker.
/// </summary>
public interface IRegionLink
{
    /// <exception cref="RegionLinkException">The coordinator cannot be reached, or refuses.</exception>
    Task<HelloAnswer> HelloAsync(HelloRequest request, CancellationToken cancel);

    /// <exception cref="RegionLinkException">The coordinator cannot be reached, or refuses.</exception>
    Task<PushAnswer> PushAsync(PushRequest request, CancellationToken cancel);

    /// <summary>Answers when there is something, or after <see cref="PullRequest.WaitMs"/> with nothing.</summary>
    /// <exception cref="RegionLinkException">The coordinator cannot be reached, or refuses; <see cref="RefusalCodes.CopyRequired"/>: its logs do not reach back that far.</exception>
    Task<PullAnswer> PullAsync(PullRequest request, CancellationToken cancel);

    /// <exception cref="RegionLinkException">The coordinator cannot be reached, or refuses.</exception>
    Task<CopyAnswer> CopyAsync(CopyRequest request, CancellationToken cancel);
}

/// <summary>The coordinator cannot be reached, refuses, or answers what nobody understands. Trying again later may help.</summary>
/// <param name="code">One of <see cref="RefusalCodes"/>.</param>
public sealed class RegionLinkException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
