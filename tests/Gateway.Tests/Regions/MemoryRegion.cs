using System.Text;
using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;
using Quorate.Node.Replication.Regions;

namespace Quorate.Gateway.Tests.Regions;

/// <summary>A region's cluster without nodes: every command is the next entry of a log in memory.</summary>
internal sealed class MemoryRegion : IRegionStore
{
    public const string Collection = "c";

    private readonly Lock _gate = new();
    private readonly ClusterState _state = new();
    private HlcTimestamp _time;

    public MemoryRegion(string name, int keepEvents = 100_000)
    {
        Name = name;
        Apply(new RegionConfigure(new RegionSettings(
            name, ["eu", "us", "ap"], "eu", MaxDocumentBytes: 100_000, BrakeShare: 1, KeepEvents: keepEvents)));
        Apply(new CollectionCreate(Collection, ConflictStrategy.LastWriterWins));
    }

    public event Action? Changed;

    public string Name { get; }

    /// <summary>Added to the clock.</summary>
    public long AheadMs { get; set; }

    public long Documents => Peek(state => state.Documents.Documents);

    public Task<CommandResult> ExecuteAsync(Command command, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.Run(() => Apply(command), CancellationToken.None);
    }

    public T Peek<T>(Func<ClusterState, T> query)
    {
        lock (_gate)
        {
            return query(_state);
        }
    }

    public void Put(string key, string json) => Apply(new DocumentPut(Collection, key, null, Name, Encoding.UTF8.GetBytes(json)));

    public List<string> Contents() => Peek(state => state.Documents.Get(Collection)!.Range("")
        .Select(document => $"{document.Key} {document.Rev} {Encoding.UTF8.GetString(document.Value.Span)} {document.Clock}").ToList());

    public CommandResult Apply(Command command)
    {
        CommandResult result;
        lock (_gate)
        {
            _time = HlcTimestamp.After(_time, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + AheadMs);
            var data = CommandCodec.Encode(new CommandEnvelope(default, command));
            result = _state.Apply(new Entry(new Term(1), _state.AppliedIndex.Next, _time, EntryKind.Command, data), [], out _);
        }

        Changed?.Invoke();
        return result;
    }
}
