using Quorate.Client;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Who belongs to the cluster and who is on the way in or out; read again when the topology changed.</summary>
public partial class MembersSection(QuorateClient client, Curl curl, TimeProvider time)
{
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(500);

    private Throttle? _reading;
    private IReadOnlyList<MemberView>? _read;
    private IReadOnlyList<MemberRow>? _members;
    private string? _failure;
    private bool _adding;
    private string? _removing;

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Topology];

    private Curl Curl => curl;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _reading = new Throttle(time, ShortestInterval, ReadAsync);
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = _reading!.AskAsync();
        }
    }

    protected override Task OnLiveAsync(LiveBatch batch)
    {
        if (batch.Topics.Contains(Topics.Topology))
        {
            Join();
            _ = _reading!.AskAsync();
        }

        return Task.CompletedTask;
    }

    protected override void Disposing() => _reading?.Dispose();

    private async Task ReadAsync(CancellationToken cancellation)
    {
        try
        {
            _read = (await client.ListMembersAsync(cancellation)).Items;
            _failure = null;
            Join();
        }
        catch (Exception exception) when (Failures.IsExpected(exception) && !cancellation.IsCancellationRequested)
        {
            _failure = Failures.Describe(exception, Text);
        }

        StateHasChanged();
    }

    /// <summary>The members with what the topology knows of the same nodes.</summary>
    private void Join() => _members = _read is null ? null
        : [.. _read.Select(member => MemberRow.Of(member, Store.Topology?.Nodes.FirstOrDefault(node => node.Id == member.Id)))];

    private string ProgressWords(MemberRow row) =>
        row.State == MemberStates.Leaving ? Text["Members.Leaving"]
        : row.LagEntries is { } lag ? Text.Count("Members.CatchingUp", lag)
        : Text["Members.NotHeard"];

    private async Task ChangedAsync()
    {
        (_adding, _removing) = (false, null);
        await _reading!.AskAsync();
    }
}
