using System.Net;

namespace Quorate.Bench.Load.Clients;

/// <summary>
/// Publishes and consumes at the same time: up to a window of messages on their way, confirms awaited together, what has come acked
/// together. RabbitMQ's best way; it has no batches.
/// </summary>
/// <param name="balance">Shared by the clients of a queue.</param>
internal sealed class RabbitStreamClient(IPEndPoint broker, string queue, int window, RabbitBalance balance)
    : AmqpClient(broker, queue, prefetch: (ushort)(2 * window))
{
    private readonly bool[] _isConfirmed = new bool[window];
    private LoadRun? _run;
    private long _published;
    private long _confirmed;
    private long _delivered;
    private ulong _delivery;
    private int _unacked;

    public override bool IsIdle => _published == _confirmed && balance.InQueue <= 0;

    public override void Begin(LoadRun run)
    {
        _run = run;
        Fill(window);
        Flush();
    }

    protected override void Confirmed(ulong message, bool multiple)
    {
        // Confirms may overtake each other: what counts is up to where there is no gap.
        _isConfirmed[(long)message % window] = true;
        for (; _confirmed < _published && (_isConfirmed[(_confirmed + 1) % window] || (multiple && _confirmed < (long)message)); _confirmed++)
        {
            _isConfirmed[(_confirmed + 1) % window] = false;
        }
    }

    protected override void Delivered(ulong delivery)
    {
        _delivery = delivery;
        _delivered++;
        _unacked++;
        balance.InQueue--;
    }

    protected override void AfterReceive()
    {
        if (_run is null)
        {
            return;
        }

        var goesOn = !_run.IsOver;
        if (_unacked > 0)
        {
            Ack(_delivery);
            _run.Complete(_unacked, begunAt: null);
            _unacked = 0;
        }

        var room = window - (int)Math.Max(_published - _confirmed, _published - _delivered);
        if (goesOn && room >= window / 2)
        {
            Fill(room);
        }

        Flush();
    }

    private void Fill(int count)
    {
        Publish(count);
        _published += count;
        balance.InQueue += count;
    }
}
