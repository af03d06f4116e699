using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Quorate.Bench.Load;

/// <summary>
/// As much of AMQP 0-9-1 as a quorum queue's client needs: one connection with one channel, publisher confirms, and messages pushed by
/// the broker up to a prefetch limit. Of the same make as <see cref="Http2Client"/>, so that the generator costs all systems alike.
/// </summary>
internal abstract class AmqpClient : LoadClient
{
    private const int FrameHeader = 7;
    private const ushort Channel = 1;
    private const byte Durable = 2;
    private const byte Multiple = 1;
    private const byte Persistent = 2;
    private const ushort DeliveryModeFlag = 0x1000;

    private const int GoodbyeMs = 2000;

    private static readonly byte[] Payload = Encoding.UTF8.GetBytes(QueuePayload.Json);

    private readonly AmqpWriter _output = new();
    private readonly string _queue;
    private AmqpMethod _reply;
    private uint _ready;
    private ulong _delivery;

    /// <param name="prefetch">Messages that the broker pushes before they are acked; 0: no consumer.</param>
    protected AmqpClient(IPEndPoint broker, string queue, ushort prefetch)
        : base(broker)
    {
        _queue = queue;
        _output.Raw("AMQP\0\0\u0009\u0001"u8);
        Await(AmqpMethod.ConnectionStart);
        _output.Method(AmqpMethod.ConnectionStartOk).Table().ShortText("PLAIN").LongText("\0guest\0guest").ShortText("en_US").End(AmqpFrame.Method, 0);
        Await(AmqpMethod.ConnectionTune);
        _output.Method(AmqpMethod.ConnectionTuneOk).UInt16(Channel).UInt32(128 * 1024).UInt16(0).End(AmqpFrame.Method, 0);
        _output.Method(AmqpMethod.ConnectionOpen).ShortText("/").ShortText("").Byte(0).End(AmqpFrame.Method, 0);
        Await(AmqpMethod.ConnectionOpenOk);
        Call(_output.Method(AmqpMethod.ChannelOpen).ShortText(""), AmqpMethod.ChannelOpenOk);
        Call(_output.Method(AmqpMethod.ConfirmSelect).Byte(0), AmqpMethod.ConfirmSelectOk);
        CountReady();
        if (prefetch > 0)
        {
            Call(_output.Method(AmqpMethod.BasicQos).UInt32(0).UInt16(prefetch).Byte(0), AmqpMethod.BasicQosOk);
            Call(_output.Method(AmqpMethod.BasicConsume).UInt16(0).ShortText(queue).ShortText("").Byte(0).Table(), AmqpMethod.BasicConsumeOk);
        }
    }

    /// <summary>
    /// Ends what it sends and reads until the broker has closed too: a connection that is closed with something unread is reset, and an ack that
    /// the broker had not read yet would be lost with it.
    /// </summary>
    public override void Dispose()
    {
        try
        {
            Socket.ReceiveTimeout = GoodbyeMs;
            Socket.Shutdown(SocketShutdown.Send);
            Span<byte> rest = stackalloc byte[4096];
            while (Socket.Receive(rest) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // It was gone before.
        }

        base.Dispose();
    }

    /// <summary>Declares the queue, durable and of the type quorum, which changes nothing when it exists.</summary>
    /// <returns>Messages that are ready.</returns>
    public uint CountReady()
    {
        Call(
            _output.Method(AmqpMethod.QueueDeclare).UInt16(0).ShortText(_queue).Byte(Durable).Table("x-queue-type", "quorum"),
            AmqpMethod.QueueDeclareOk);
        return _ready;
    }

    /// <summary>Publishes persistent messages to the queue; the broker confirms each once a majority has it on disk.</summary>
    protected void Publish(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _output.Method(AmqpMethod.BasicPublish).UInt16(0).ShortText("").ShortText(_queue).Byte(0).End(AmqpFrame.Method, Channel);
            _output.UInt16(60).UInt16(0).UInt64(QueuePayload.Bytes).UInt16(DeliveryModeFlag).Byte(Persistent).End(AmqpFrame.Header, Channel);
            _output.Bytes(Payload).End(AmqpFrame.Body, Channel);
        }
    }

    /// <summary>Acks every delivery up to this one. The protocol has no answer to an ack.</summary>
    protected void Ack(ulong delivery) =>
        _output.Method(AmqpMethod.BasicAck).UInt64(delivery).Byte(Multiple).End(AmqpFrame.Method, Channel);

    protected void Flush()
    {
        Send(_output.Written);
        _output.Clear();
    }

    /// <summary>Every message up to this one, counted from 1, is confirmed when <paramref name="multiple"/>; else this one.</summary>
    protected abstract void Confirmed(ulong message, bool multiple);

    /// <summary>A message has come as a whole.</summary>
    protected abstract void Delivered(ulong delivery);

    protected override int Take(ReadOnlySpan<byte> received)
    {
        if (received.Length < FrameHeader)
        {
            return 0;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(received[3..]);
        if (received.Length < FrameHeader + length + 1)
        {
            return 0;
        }

        Handle((AmqpFrame)received[0], received.Slice(FrameHeader, length));
        return FrameHeader + length + 1;
    }

    private void Handle(AmqpFrame type, ReadOnlySpan<byte> payload)
    {
        if (type == AmqpFrame.Body)
        {
            // Messages are far smaller than a frame may be: each body is one.
            Delivered(payload.Length == QueuePayload.Bytes ? _delivery : throw new BenchException($"a message of {payload.Length} bytes came"));
            return;
        }

        if (type != AmqpFrame.Method)
        {
            return;
        }

        var method = (AmqpMethod)BinaryPrimitives.ReadUInt32BigEndian(payload);
        var arguments = payload[4..];
        switch (method)
        {
            case AmqpMethod.BasicAck:
                Confirmed(BinaryPrimitives.ReadUInt64BigEndian(arguments), arguments[8] != 0);
                break;
            case AmqpMethod.BasicDeliver:
                _delivery = BinaryPrimitives.ReadUInt64BigEndian(arguments[(1 + arguments[0])..]);
                break;
            case AmqpMethod.BasicNack or AmqpMethod.ConnectionClose or AmqpMethod.ChannelClose:
                throw new BenchException($"RabbitMQ refused something ({method}): {Encoding.UTF8.GetString(arguments)}");
            case AmqpMethod.QueueDeclareOk:
                _ready = BinaryPrimitives.ReadUInt32BigEndian(arguments[(1 + arguments[0])..]);
                _reply = method;
                break;
            default:
                _reply = method;
                break;
        }
    }

    private void Call(AmqpWriter method, AmqpMethod reply)
    {
        method.End(AmqpFrame.Method, Channel);
        Await(reply);
    }

    private void Await(AmqpMethod reply)
    {
        Flush();
        while (_reply != reply)
        {
            Receive();
        }

        _reply = default;
    }
}
