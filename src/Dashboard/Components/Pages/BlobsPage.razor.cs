using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Blobs;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Blobs page by page, what is on its way, and whether every node has every chunk.</summary>
public partial class BlobsPage(QuorateClient client, NavigationManager navigation, Curl curl)
{
    public const int PageSize = 100;

    /// <summary>Transfers shown with a bar each.</summary>
    private const int MaxTransfers = 50;

    private const string RegionField = "region";
    private const string PrefixField = "prefix";
    private const string SortField = "sort";

    private IReadOnlyList<BlobView> _blobs = [];
    private string? _next;
    private string? _failure;
    private (string? Region, string Prefix)? _read;
    private BlobStatus? _elsewhere;
    private (long Blobs, long Bytes) _seen;
    private bool _loaded;
    private bool _uploading;
    private BlobView? _deleting;
    private BlobTransfer? _aborting;

    /// <summary>Whose blobs are shown; null: the gateway's own region.</summary>
    [SupplyParameterFromQuery(Name = RegionField)]
    private string? Region { get; set; }

    [SupplyParameterFromQuery(Name = PrefixField)]
    private string? Prefix { get; set; }

    [SupplyParameterFromQuery(Name = SortField)]
    private string? Sort { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Blobs, Topics.Lag];

    private QuorateClient Client => client.In(Region);

    /// <summary>The feed tells of the gateway's own region; another one is asked whenever the feed tells anything.</summary>
    private BlobStatus? Status => Region is null ? Store.Blobs : _elsewhere;

    private string Example => $"curl -T report.pdf '{curl.Address(Here(Routes.Blob("report.pdf"))).AbsoluteUri}'";

    protected override async Task OnParametersSetAsync()
    {
        if (_read != (Region, Prefix ?? "") && RendererInfo.IsInteractive)
        {
            (_loaded, _blobs, _elsewhere) = (false, [], null);
            await AskElsewhereAsync();
            await ReloadAsync();
        }
    }

    protected override async Task OnLiveAsync(LiveBatch batch)
    {
        await AskElsewhereAsync();

        // What a longer list had beyond its first page is read again only when somebody asks.
        if (Status is { } status && (status.Blobs, status.Bytes) != _seen && _blobs.Count <= PageSize)
        {
            await ReloadAsync();
        }
    }

    private async Task AskElsewhereAsync()
    {
        if (Region is { } region)
        {
            await GuardAsync(async () =>
            {
                var status = await Client.GetBlobStatusAsync();
                _elsewhere = Region == region ? status : _elsewhere;
            });
        }
    }

    private async Task ReloadAsync()
    {
        var read = (Region, Prefix ?? "");
        _read = read;
        _seen = (Status?.Blobs ?? 0, Status?.Bytes ?? 0);
        await GuardAsync(async () =>
        {
            var page = await Client.ListBlobsAsync(Prefix, PageSize);
            if (_read == read)
            {
                (_blobs, _next, _loaded) = (page.Items, page.NextCursor, true);
            }
        });
    }

    private Task MoreAsync() => GuardAsync(async () =>
    {
        var page = await Client.ListBlobsAsync(Prefix, PageSize, _next);
        (_blobs, _next) = ([.. _blobs, .. page.Items], page.NextCursor);
    });

    private async Task GuardAsync(Func<Task> act)
    {
        try
        {
            await act();
            _failure = null;
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, Text);
        }
    }

    private async Task UploadedAsync()
    {
        _uploading = false;
        await ReloadAsync();
    }

    private async Task DeleteAsync(string? reason)
    {
        await Client.DeleteBlobAsync(_deleting!.Id, reason);
        _deleting = null;
        await ReloadAsync();
    }

    private async Task AbortAsync(string? reason)
    {
        await Client.AbortBlobUploadAsync(_aborting!.Id, reason);
        _aborting = null;
        StateHasChanged();
    }

    private string Download(BlobView blob) => curl.Address(Here(Routes.Blob(blob.Id))).AbsoluteUri;

    private static string FileName(BlobView blob) => blob.Id.Split('/')[^1];

    private string Progress(BlobTransfer item)
    {
        var done = item.Size is { } size ? Text["Blobs.DoneOf", Format.Bytes(item.Done), Format.Bytes(size)] : Format.Bytes(item.Done);
        done = item.Region is { } region ? $"{done} · {Text["Blobs.From", region]}" : done;
        return item.Paused ? $"{done} · {Text[item.Kind == BlobTransferKinds.Arrival ? "Blobs.ArrivalPaused" : "Blobs.Paused"]}"
            : item.BytesPerSecond is { } speed ? $"{done} · {Text["Blobs.Speed", Format.Bytes((long)speed)]}"
            : done;
    }

    private static string IconOf(BlobTransfer item) => item.Kind switch
    {
        BlobTransferKinds.Upload => "up",
        BlobTransferKinds.Arrival => "replication",
        _ => "down",
    };

    /// <summary>A path of the API with the region, as commands show it.</summary>
    private string Here(string path) => Addresses.With(path, (RegionField, Region));

    private static string StateOf(NodeBlobsView node) => !node.Reachable ? "away" : node.Missing > 0 ? "catching_up" : "complete";

    private static string ToneOf(NodeBlobsView node) => !node.Reachable ? "critical" : node.Missing > 0 ? "warning" : "healthy";

    private static string IconOf(NodeBlobsView node) => !node.Reachable ? "offline" : node.Missing > 0 ? "waiting" : "check";

    private void Go(string? prefix, string? sort) => navigation.NavigateTo(Addresses.With(Addresses.Blobs, (RegionField, Region), (PrefixField, prefix), (SortField, sort)), replace: true);
}
