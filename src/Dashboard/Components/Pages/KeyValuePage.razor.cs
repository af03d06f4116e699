using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Keys under a prefix, page by page, kept current by the live topic.</summary>
public partial class KeyValuePage(QuorateClient client, NavigationManager navigation, Curl curl)
{
    public const int PageSize = 200;

    private KeyBrowser _browser = new("");
    private KeyChanges _changes = KeyChanges.None;
    private bool _loading;
    private string? _failure;
    private string? _readPrefix;

    [SupplyParameterFromQuery(Name = "prefix")]
    private string? Prefix { get; set; }

    [SupplyParameterFromQuery(Name = "key")]
    private string? KeyName { get; set; }

    [SupplyParameterFromQuery(Name = "create")]
    private bool Create { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? Sort { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Kv];

    private bool IsStale => Live.Freshness(Topics.Kv).Kind == FreshnessKind.Stale;

    private bool PanelIsOpen => KeyName is not null || Create;

    private string Example => curl.Write("PUT", Routes.Key($"{Prefix}greeting"), """{"value":"hello"}""");

    /// <summary>One level up: up to the slash before the last.</summary>
    private string ParentPrefix => Prefix!.TrimEnd('/').LastIndexOf('/') is >= 0 and var slash ? Prefix[..(slash + 1)] : "";

    protected override async Task OnParametersSetAsync()
    {
        if (_readPrefix != (Prefix ?? "") && RendererInfo.IsInteractive)
        {
            await ReloadAsync();
        }
    }

    protected override async Task OnLiveAsync(LiveBatch batch)
    {
        _changes = KeyChanges.Of(batch);
        if (batch.KeysReset && _browser.Loaded)
        {
            await ReloadAsync();
            return;
        }

        foreach (var change in batch.KeyChanges)
        {
            _browser.Apply(change);
        }
    }

    private Task ReloadAsync()
    {
        _readPrefix = Prefix ?? "";
        return ReadAsync(new KeyBrowser(_readPrefix));
    }

    private Task LoadMoreAsync() => ReadAsync(_browser);

    private async Task ReadAsync(KeyBrowser browser)
    {
        _loading = true;
        try
        {
            browser.Append(await client.ListKeysAsync(browser.Prefix, PageSize, browser.NextCursor));
            _failure = null;
            if (browser.Prefix == _readPrefix)
            {
                _browser = browser;
            }
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, Text);
        }
        finally
        {
            _loading = false;
        }
    }

    private void Open(string? key, bool create = false) => Navigate(Prefix, Sort, key, create, replace: false);

    private void Navigate(string? prefix, string? sort, string? key, bool create, bool replace) =>
        navigation.NavigateTo(
            Addresses.With(Addresses.KeyValue, ("prefix", prefix), ("sort", sort), ("key", key), ("create", create ? "true" : null)),
            replace: replace);
}
