using System.Collections.Concurrent;
using Quorate.Core.StateMachine.Blobs;

namespace Quorate.Gateway.Blobs;

/// <summary>
/// The memory of all transfers of this gateway. Each may always have one chunk in memory; more, to read on while the last one is being stored,
/// only as long as there are some left. So any number of clients, however slow, takes a bounded amount and holds up nobody.
/// </summary>
internal sealed class ChunkBuffers
{
    /// <summary>Transfers in each direction at once; more are refused as overload.</summary>
    public const int MaxTransfers = 64;

    /// <summary>Chunks beyond the one that each transfer has.</summary>
    public const int MaxExtra = 32;

    private readonly ConcurrentBag<byte[]> _free = [];
    private int _extra = MaxExtra;

    /// <summary>Whether a transfer may have one more chunk in memory; <see cref="ReturnExtra"/> gives the right back.</summary>
    public bool TryTakeExtra()
    {
        if (Interlocked.Decrement(ref _extra) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref _extra);
        return false;
    }

    public void ReturnExtra() => Interlocked.Increment(ref _extra);

    public ChunkBuffer Rent() => new(this, _free.TryTake(out var bytes) ? bytes : GC.AllocateUninitializedArray<byte>(BlobLimits.ChunkBytes));

    internal void Return(byte[] bytes)
    {
        if (_free.Count < MaxTransfers + MaxExtra)
        {
            _free.Add(bytes);
        }
    }
}

/// <summary>Memory of one chunk, shared by everybody who sends it somewhere; the last one gives it back.</summary>
internal sealed class ChunkBuffer(ChunkBuffers owner, byte[] bytes)
{
    private int _users = 1;

    public int Length { get; set; }

    public Memory<byte> Whole => bytes;

    public ReadOnlyMemory<byte> Content => bytes.AsMemory(0, Length);

    public void Share() => Interlocked.Increment(ref _users);

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            owner.Return(bytes);
        }
    }
}
