using Quorate.Core.Raft;

namespace Quorate.Core.Tests.Raft.Harness;

/// <summary>Messages in flight, in the order they were sent. A cut link loses what is sent over it.</summary>
internal sealed class SimNetwork
{
    private readonly HashSet<(NodeId From, NodeId To)> _cut = [];
    private readonly Dictionary<(NodeId From, NodeId To), int> _delivered = [];

    public List<Message> InFlight { get; } = [];

    public void Send(Message message)
    {
        if (!_cut.Contains((message.From, message.To)))
        {
            InFlight.Add(message);
        }
    }

    public Message Take(int position)
    {
        var message = InFlight[position];
        InFlight.RemoveAt(position);
        _delivered[(message.From, message.To)] = Delivered(message.From, message.To) + 1;
        return message;
    }

    public int Delivered(NodeId from, NodeId to) => _delivered.GetValueOrDefault((from, to));

    /// <summary>Cuts one direction and loses what is on its way there.</summary>
    public void Cut(NodeId from, NodeId to)
    {
        _cut.Add((from, to));
        InFlight.RemoveAll(message => message.From == from && message.To == to);
    }

    public void Heal() => _cut.Clear();
}
