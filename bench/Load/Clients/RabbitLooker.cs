using System.Diagnostics;
using System.Net;

namespace Quorate.Bench.Load.Clients;

/// <summary>Declares the queue and counts what is in it; consumes nothing.</summary>
internal sealed class RabbitLooker(IPEndPoint broker, string queue) : AmqpClient(broker, queue, prefetch: 0)
{
    public override bool IsIdle => true;

    public override void Begin(LoadRun run) => throw new UnreachableException();

    protected override void Confirmed(ulong message, bool multiple) => throw new UnreachableException();

    protected override void Delivered(ulong delivery) => throw new UnreachableException();
}
