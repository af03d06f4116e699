using System.Diagnostics;
using System.Net;

namespace Quorate.Bench.Load.Clients;

/// <summary>
/// Publishes a message, waits for its confirm and for a message from the same queue, and acks that. The ack goes out with the next
/// message and nobody answers it: one wait less than Quorate's client has.
/// </summary>
/// <param name="balance">Shared by the clients of a queue.</param>
internal sealed class RabbitSingleClient(IPEndPoint broker, string queue, RabbitBalance balance) : AmqpClient(broker, queue, prefetch: 1)
{
    private LoadRun? _run;
    private long _begunAt;
    private ulong? _delivery;
    private bool _unconfirmed;

    // A message that comes a second time is taken off the balance twice.
    public override bool IsIdle => !_unconfirmed && _delivery is null && balance.InQueue <= 0;

    public override void Begin(LoadRun run)
    {
        _run = run;
        _begunAt = Stopwatch.GetTimestamp();
        _unconfirmed = true;
        balance.InQueue++;
        Publish(1);
        Flush();
    }

    protected override void Confirmed(ulong message, bool multiple) => _unconfirmed = false;

    protected override void Delivered(ulong delivery)
    {
        _delivery = delivery;
        balance.InQueue--;
    }

    protected override void AfterReceive()
    {
        if (_run is not { } run || _delivery is not { } delivery || (_unconfirmed && !run.IsOver))
        {
            return;
        }

        // After the end a client that is done may still be given a message, which somebody else then waits for in vain.
        Ack(delivery);
        _delivery = null;
        if (run.Complete(1, _begunAt))
        {
            Begin(run);
        }
        else
        {
            Flush();
        }
    }
}

/// <summary>Messages published to a queue and not delivered yet: what one client publishes may come to another.</summary>
internal sealed class RabbitBalance
{
    public long InQueue { get; set; }
}
