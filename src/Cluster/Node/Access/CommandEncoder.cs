using Quorate.Core.Codec;
using Quorate.Core.StateMachine;

namespace Quorate.Node.Access;

/// <summary>Encodes commands in a buffer that is used again: a large one costs the bytes that are kept, and no more. Not thread-safe.</summary>
internal sealed class CommandEncoder
{
    /// <summary>A buffer that a large command has blown up beyond this is given back.</summary>
    private const int KeptCapacity = 4 << 20;

    private const int InitialCapacity = 4 << 10;

    private ByteWriter _writer = new(InitialCapacity);

    public byte[] Encode(CommandEnvelope envelope)
    {
        _writer.Clear();
        CommandCodec.Write(_writer, envelope);
        var bytes = _writer.ToArray();
        if (bytes.Length > KeptCapacity)
        {
            _writer = new ByteWriter(InitialCapacity);
        }

        return bytes;
    }
}
