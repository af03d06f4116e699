using Quorate.Core.Codec;
using Quorate.Core.StateMachine;

namespace Quorate.Node.Transport;

/// <summary>Cuts a frozen state into frames, each made only when it is asked for: a state of any size takes the memory of one frame.</summary>
internal sealed class ClientStateStream(long epoch, FrozenState state) : IDisposable
{
    private readonly IEnumerator<ReadOnlyMemory<byte>> _records = state.Records().GetEnumerator();
    private readonly ByteWriter _part = new(2 * ClientProtocol.BatchBytes);
    private bool _begun;

    /// <summary>Adds the next frame.</summary>
    /// <returns>False when it was the last one.</returns>
    public bool WriteNext(ByteWriter writer)
    {
        if (!_begun)
        {
            _begun = true;
            ClientReplyCodec.Write(writer, new ClientReply.StateBegin(epoch));
        }

        _part.Clear();
        while (_part.Length < ClientProtocol.BatchBytes && _records.MoveNext())
        {
            _part.Bytes(_records.Current.Span);
        }

        ClientReplyCodec.Write(writer, _part.Length > 0 ? new ClientReply.StatePart(_part.WrittenMemory) : new ClientReply.StateEnd(Complete: true));
        return _part.Length > 0;
    }

    /// <summary>Ends the stream before its end.</summary>
    public void Abandon(ByteWriter writer)
    {
        if (_begun)
        {
            ClientReplyCodec.Write(writer, new ClientReply.StateEnd(Complete: false));
        }
    }

    public void Dispose() => _records.Dispose();
}
