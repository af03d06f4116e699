using System.Buffers.Binary;
using System.Net.Sockets;
using Quorate.Node.Hosting;

namespace Quorate.Node.Transport;

/// <summary>Cuts a stream into frames, each after its length in four bytes. One buffer, used again for every frame.</summary>
/// <param name="direct">The socket under the stream when nothing is between them.</param>
internal sealed class FrameReader(Stream stream, int maxFrameBytes, Socket? direct = null)
{
    public const int PrefixSize = sizeof(uint);

    private const int InitialCapacity = 64 << 10;

    /// <summary>A buffer that a large frame has blown up beyond this is given back.</summary>
    private const int KeptCapacity = 4 << 20;

    private byte[] _buffer = new byte[InitialCapacity];
    private int _start;
    private int _end;

    /// <summary>Whether the next <see cref="Read"/> has all it needs and will not wait.</summary>
    public bool HasNext =>
        _end - _start >= PrefixSize && _end - _start - PrefixSize >= BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));

    /// <summary>The next frame, valid until the next call; null when the stream has ended between two frames.</summary>
    /// <exception cref="FormatException">The frame is empty or too large.</exception>
    /// <exception cref="EndOfStreamException">The stream has ended inside a frame.</exception>
    public ReadOnlyMemory<byte>? Read()
    {
        if (!Fill(PrefixSize))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
        if (length == 0 || length > maxFrameBytes)
        {
            throw new FormatException($"a frame of {length} bytes; 1 to {maxFrameBytes} are accepted");
        }

        Fill(PrefixSize + (int)length);
        var frame = _buffer.AsMemory(_start + PrefixSize, (int)length);
        _start += PrefixSize + (int)length;
        return frame;
    }

    /// <returns>False when the stream has ended and there is nothing.</returns>
    private bool Fill(int needed)
    {
        while (_end - _start < needed)
        {
            MakeRoom(needed);
            var read = TryReceiveSoon() is > 0 and var received ? received : stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
            {
                return _end == _start ? false : throw new EndOfStreamException("the connection ended inside a frame");
            }

            _end += read;
        }

        return true;
    }

    private int TryReceiveSoon()
    {
        if (direct is null || !DirectSocket.IsSupported)
        {
            return 0;
        }

        var wait = new BriefWait();
        int read;
        do
        {
            read = DirectSocket.TryReceive(direct, _buffer.AsSpan(_end));
        }
        while (read == 0 && wait.LookAgain());
        return read;
    }

    /// <summary>Room grows with what has arrived, not with what a length promises.</summary>
    private void MakeRoom(int needed)
    {
        var used = _end - _start;
        if (used == 0 && _buffer.Length > KeptCapacity && needed < InitialCapacity)
        {
            _buffer = new byte[InitialCapacity];
        }

        if (_start > 0 && (used == 0 || _start + needed > _buffer.Length))
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, used);
            (_start, _end) = (0, used);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, Math.Max(needed, InitialCapacity)));
        }
    }
}
