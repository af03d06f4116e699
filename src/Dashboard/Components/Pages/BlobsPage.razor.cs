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

    private const string SortField = "sort";

    private IReadOnlyList<BlobView> _blobs = [];
    private string? _next;
    private string? _failure;
    private string? _read;
    private (long Blobs, long Bytes) _seen;
    private bool _loaded;
    private bool _uploading;
    private BlobView? _deleting;
    private BlobTransfer? _aborting;

    [SupplyParameterFromQuery(Name = "prefix")]
    private string? Prefix { get; set; }

    [SupplyParameterFromQuery(Name = SortField)]
    private string? Sort { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Blobs];

    private BlobStatus? Status => Store.Blobs;

    private string Example => $"curl -T report.pdf '{curl.Address(Routes.Blob("report.pdf")).AbsoluteUri}'";

    protected override async Task OnParametersSetAsync()
    {
        if (_read != (Prefix ?? "") && RendererInfo.IsInteractive)
        {
            (_loaded, _blobs) = (false, []);
            await ReloadAsync();
        }
    }

    protected override async Task OnLiveAsync(LiveBatch batch)
    {
        // What a longer list had beyond its first page is read again only when somebody asks.
        if (Status is { } status && (status.Blobs, status.Bytes) != _seen && _blobs.Count <= PageSize)
        {
            await ReloadAsync();
        }
    }

    private async Task ReloadAsync()
    {
        var read = _read = Prefix ?? "";
        _seen = (Status?.Blobs ?? 0, Status?.Bytes ?? 0);
        await GuardAsync(async () =>
        {
            var page = await client.ListBlobsAsync(Prefix, PageSize);
            if (_read == read)
            {
                (_blobs, _next, _loaded) = (page.Items, page.NextCursor, true);
            }
        });
    }

    private Task MoreAsync() => GuardAsync(async () =>
    {
        var page = await client.ListBlobsAsync(Prefix, PageSize, _next);
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
        await client.DeleteBlobAsync(_deleting!.Id, reason);
        _deleting = null;
        await ReloadAsync();
    }

    private async Task AbortAsync(string? reason)
    {
        await client.AbortBlobUploadAsync(_aborting!.Id, reason);
        _aborting = null;
        StateHasChanged();
    }

    private string Download(BlobView blob) => curl.Address(Routes.Blob(blob.Id)).AbsoluteUri;

    private static string FileName(BlobView blob) => blob.Id.Split('/')[^1];

    private string Progress(BlobTransfer item)
    {
        var done = item.Size is { } size ? Text["Blobs.DoneOf", Format.Bytes(item.Done), Format.Bytes(size)] : Format.Bytes(item.Done);
        return item.Paused ? $"{done} · {Text["Blobs.Paused"]}"
            : item.BytesPerSecond is { } speed ? $"{done} · {Text["Blobs.Speed", Format.Bytes((long)speed)]}"
            : done;
    }

    private static string StateOf(NodeBlobsView node) => !node.Reachable ? "away" : node.Missing > 0 ? "catching_up" : "complete";

    private static string ToneOf(NodeBlobsView node) => !node.Reachable ? "critical" : node.Missing > 0 ? "warning" : "healthy";

    private static string IconOf(NodeBlobsView node) => !node.Reachable ? "offline" : node.Missing > 0 ? "waiting" : "check";

    private void Go(string? prefix, string? sort) => navigation.NavigateTo(Addresses.With(Addresses.Blobs, ("prefix", prefix), (SortField, sort)), replace: true);
}
