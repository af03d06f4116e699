using System.Text.Json;
using System.Threading.Channels;
using Quorate.Contracts.State;

namespace Quorate.Backends;

/// <summary>A subscription that somebody else fills. A reader who is too slow loses the oldest messages and holds up nobody.</summary>
internal sealed class ChannelSubscription(Func<ChannelSubscription, Task> leave) : ISyncSubscription
{
    /// <summary>Messages that wait for the reader.</summary>
    public const int Capacity = 1024;

    private readonly Channel<JsonElement> _messages =
        Channel.CreateBounded<JsonElement>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void Add(JsonElement message) => _messages.Writer.TryWrite(message);

    public IAsyncEnumerable<JsonElement> ReadAllAsync(CancellationToken cancellation = default) => _messages.Reader.ReadAllAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_messages.Writer.TryComplete())
        {
            await leave(this);
        }
    }
}
