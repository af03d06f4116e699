using Quorate.Contracts.Locks;
using Quorate.Contracts.Problems;

namespace Quorate.Client;

/// <summary>
/// Several locks that were taken in one step. They are renewed in one round and given back together, and as they were taken because all
/// of them are needed, the loss of one is the loss of the whole.
/// </summary>
public sealed class LockSetHandle : Lease
{
    private readonly QuorateClient _client;
    private readonly HeldLocksRequest _held;
    private LockFence? _firstLost;

    internal LockSetHandle(QuorateClient client, TimeProvider clock, AcquireLocksResponse granted, LockOptions options, long sentAt)
        : base(options.Timing, clock, sentAt)
    {
        _client = client;
        Owner = granted.Owner;
        Fences = [.. granted.Locks.Select(each => new LockFence(each.Name, each.FencingToken))];
        _held = new HeldLocksRequest(Owner, [.. Fences.Select(fence => new HeldLockPart(fence.Lock, fence.Token))]);
    }

    public string Owner { get; }

    /// <summary>In the order of the locks' names. A write carries the fence of the lock that guards what it writes.</summary>
    public IReadOnlyList<LockFence> Fences { get; }

    /// <exception cref="ArgumentException">It is none of these locks.</exception>
    public LockFence FenceOf(string name) => Fences.FirstOrDefault(fence => fence.Lock == name) is { Lock: not null } found
        ? found
        : throw new ArgumentException($"'{name}' is not among the locks that were taken.", nameof(name));

    protected override async Task<Renewal> RenewAsync(CancellationToken cancellation)
    {
        try
        {
            var answer = await _client.RenewLocksAsync(_held, cancellation);
            if (answer.Locks.FirstOrDefault(each => !each.Ok) is not { } lost)
            {
                return Renewal.Renewed;
            }

            _firstLost = FenceOf(lost.Name);
            return Renewal.Refused;
        }
        catch (QuorateException refused) when (refused.Code == ErrorCodes.StaleToken)
        {
            return Renewal.Refused;
        }
        catch (Exception error) when (error is QuorateException or HttpRequestException)
        {
            return Renewal.Unanswered;
        }
    }

    protected override async Task ReleaseAsync(CancellationToken cancellation)
    {
        try
        {
            await _client.ReleaseLocksAsync(_held, cancellation);
        }
        catch (Exception error) when (error is QuorateException or HttpRequestException or OperationCanceledException)
        {
            // They were lost already, or nobody answers: their time to live ends them.
        }
    }

    protected override LockLostException Loss() => new(_firstLost ?? Fences[0]);
}
