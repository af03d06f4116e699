using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Quorate.Contracts;
using Quorate.Contracts.Live;

namespace Quorate.Dashboard.Tests.Fakes;

/// <summary>What a <see cref="FakeHub"/> was asked, and what it is to say.</summary>
internal sealed class HubScript
{
    public BlockingCollection<IReadOnlyDictionary<string, long>?> Subscriptions { get; } = [];

    /// <summary>Null ends the stream.</summary>
    public Channel<LiveMessage?> Messages { get; } = Channel.CreateUnbounded<LiveMessage?>();

    public string? Authorization { get; set; }

    public void Say(long version) => Messages.Writer.TryWrite(new LiveMessage(
        Topics.Kv, version, LiveKinds.Delta, Examples.Now, JsonSerializer.SerializeToElement(new KvPayload([], [], version), ContractJson.Options)));

    public void End() => Messages.Writer.TryWrite(null);
}

/// <summary>A real SignalR hub that says what a test wrote for it.</summary>
internal sealed class FakeHub(HubScript script) : Hub
{
    public async IAsyncEnumerable<LiveMessage> Subscribe(
        string[] topics, Dictionary<string, long>? resumeFrom, [EnumeratorCancellation] CancellationToken cancellation)
    {
        script.Authorization = Context.GetHttpContext()!.Request.Headers.Authorization;
        script.Subscriptions.Add(resumeFrom, cancellation);
        await foreach (var message in script.Messages.Reader.ReadAllAsync(cancellation))
        {
            if (message is null)
            {
                yield break;
            }

            yield return message;
        }
    }
}
