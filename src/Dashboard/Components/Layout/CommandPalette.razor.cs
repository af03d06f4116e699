using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Quorate.Client;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Layout;

/// <summary>Ctrl+K: jump to a page, a node, a lock, a queue, an election, a key, or a document that regions disagreed about.</summary>
public partial class CommandPalette(
    Browser browser, LiveState live, QuorateClient client, NavigationManager navigation, Text text) : IDisposable
{
    private const int MaxKeys = 6;
    private const int MaxConflicts = 6;

    /// <summary>Keys and conflicts are asked for once the operator has paused typing for this long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private ElementReference _dialog;
    private bool _open;
    private bool _shown;
    private string _query = "";
    private int _active;
    private IReadOnlyList<PaletteEntry> _results = [];
    private CancellationTokenSource? _search;

    private Text Text => text;

    public void Dispose() => _search?.Cancel();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_open && !_shown)
        {
            _shown = true;
            await browser.ShowModalAsync(_dialog);
        }
    }

    private void Open()
    {
        (_open, _shown, _query, _active) = (true, false, "", 0);
        _results = PaletteSearch.Find(Entries(), "");
    }

    private void Close() => _open = false;

    private async Task SearchAsync(string? query)
    {
        _query = query ?? "";
        _active = 0;
        _results = PaletteSearch.Find(Entries(), _query);
        // At once: while waiting for it, the next keystroke would come in between and both would go on with the newest query.
        _search?.Cancel();
        _search = new CancellationTokenSource();
        await AddFromGatewayAsync(_query, _search.Token);
    }

    private async Task AddFromGatewayAsync(string query, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Pause, cancellation);
            var page = await client.ListKeysAsync(query, MaxKeys, cancellation: cancellation);
            cancellation.ThrowIfCancellationRequested();
            var keys = page.Items.Select(key => new PaletteEntry("Palette.Key", "key", key.Key, Addresses.Key(key.Key)));
            var conflicts = query.Length == 0 || live.Store.Regions is null
                ? []
                : (await client.ListConflictsAsync(prefix: query, limit: MaxConflicts, cancellation: cancellation)).Items
                    .Select(conflict => new PaletteEntry("Palette.Conflict", "conflict", $"{conflict.Collection} / {conflict.Key}", Addresses.Conflict(conflict.Id)));
            cancellation.ThrowIfCancellationRequested();
            _results = [.. _results.Concat(conflicts).Concat(keys).Take(PaletteSearch.MaxResults)];
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            // The other results stand; the banner says what is wrong with the gateway.
        }
    }

    private void OnKey(KeyboardEventArgs args)
    {
        switch (args.Key)
        {
            case "ArrowDown" when _results.Count > 0:
                _active = (_active + 1) % _results.Count;
                break;
            case "ArrowUp" when _results.Count > 0:
                _active = (_active + _results.Count - 1) % _results.Count;
                break;
            case "Enter" when _active < _results.Count:
                Go(_results[_active]);
                break;
        }
    }

    private void Go(PaletteEntry entry)
    {
        Close();
        navigation.NavigateTo(entry.Address);
    }

    private IEnumerable<PaletteEntry> Entries() =>
    [
        new("Palette.Page", "overview", text["Overview.Title"], Addresses.Overview),
        new("Palette.Page", "topology", text["Topology.Title"], Addresses.Topology),
        new("Palette.Page", "leader", text["Leaders.Title"], Addresses.Leaders),
        new("Palette.Page", "topology", text["Members.Title"], Addresses.TopologyView(TopologyViews.Members)),
        new("Palette.Page", "topology", text["Charts.Title"], Addresses.TopologyView(TopologyViews.Charts)),
        new("Palette.Page", "lock", text["Locks.Title"], Addresses.Locks),
        new("Palette.Page", "queue", text["Queues.Title"], Addresses.Queues),
        new("Palette.Page", "key", text["Kv.Title"], Addresses.KeyValue),
        new("Palette.Page", "cache", text["Cache.Title"], Addresses.Cache),
        new("Palette.Page", "document", text["Documents.Title"], Addresses.Documents),
        new("Palette.Page", "blob", text["Blobs.Title"], Addresses.Blobs),
        new("Palette.Page", "replication", text["Replication.Title"], Addresses.Replication),
        new("Palette.Page", "replication", text["Regions.Title"], Addresses.Regions()),
        new("Palette.Page", "conflict", text["Conflicts.Title"], Addresses.Conflicts),
        new("Palette.Page", "election", text["Elections.Title"], Addresses.Elections),
        new("Palette.Page", "events", text["Events.Title"], Addresses.Events),
        new("Palette.Page", "events", text["Events.Routing"], Addresses.EventsView(EventViews.Routing)),
        .. (live.Store.Topology?.Nodes ?? []).Select(node => new PaletteEntry("Palette.Node", node.Role, node.Id, Addresses.Node(node.Id))),
        .. live.Store.Locks.Keys.Select(name => new PaletteEntry("Palette.Lock", "lock", name, Addresses.Lock(name))),
        .. live.Store.Queues.Keys.Select(name => new PaletteEntry("Palette.Queue", "queue", name, Addresses.Queue(name))),
        .. live.Store.Elections.Keys.Select(name => new PaletteEntry("Palette.Election", "election", name, Addresses.Election(name))),
    ];
}
