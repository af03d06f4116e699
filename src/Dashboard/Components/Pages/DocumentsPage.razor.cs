using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Collections, and the documents of one, page by page; read again when the log of changes has gone on.</summary>
public partial class DocumentsPage(QuorateClient client, NavigationManager navigation, Curl curl)
{
    public const int PageSize = 100;

    private const string RegionField = "region";
    private const string CollectionField = "collection";
    private const string PrefixField = "prefix";
    private const string KeyField = "key";
    private const string SortField = "sort";

    private IReadOnlyList<CollectionView> _collections = [];
    private IReadOnlyList<DocumentView> _documents = [];
    private CollectionView? _shown;
    private string? _next;
    private string? _failure;
    private (string? Region, string? Collection, string? Prefix)? _read;
    private long _sequence;
    private bool _loaded;
    private bool _creating;
    private bool _dropping;
    private string _name = "";
    private string _strategy = ConflictStrategies.LastWriterWins;

    /// <summary>Whose documents are shown; null: the gateway's own region.</summary>
    [SupplyParameterFromQuery(Name = RegionField)]
    private string? Region { get; set; }

    [SupplyParameterFromQuery(Name = CollectionField)]
    private string? Collection { get; set; }

    [SupplyParameterFromQuery(Name = PrefixField)]
    private string? Prefix { get; set; }

    [SupplyParameterFromQuery(Name = KeyField)]
    private string? DocumentKey { get; set; }

    [SupplyParameterFromQuery(Name = "create")]
    private bool Create { get; set; }

    [SupplyParameterFromQuery(Name = SortField)]
    private string? Sort { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Lag];

    private bool PanelIsOpen => DocumentKey is not null || Create;

    private bool IsSystem => Collection?.StartsWith('_') == true;

    private QuorateClient Client => client.In(Region);

    /// <summary>Another number whenever documents may be others: of another region only its counters are told.</summary>
    private long? Newest => Region is null ? Store.Sync?.LastSequence : Store.Regions.Find(Region)?.Stamp() ?? Store.Sync?.LastSequence;

    private string CreateBody => JsonSerializer.Serialize(new CreateCollectionRequest(_name, _strategy), ContractJson.Options);

    private string CollectionExample => curl.Write("POST", Here(Routes.Collections), """{"name":"customers","conflictStrategy":"LastWriterWins"}""");

    private string DocumentExample => curl.Write("PUT", Here(Routes.Document(Collection!, "alice")), """{"value":{"city":"Oslo"}}""");

    protected override async Task OnParametersSetAsync()
    {
        if (_read != (Region, Collection, Prefix) && RendererInfo.IsInteractive)
        {
            (_loaded, _documents, _shown) = (false, [], null);
            await ReloadAsync();
        }
    }

    protected override async Task OnLiveAsync(LiveBatch batch)
    {
        // What a longer list had beyond its first pages is read again only when somebody asks.
        if (Newest is { } newest && newest != _sequence && _documents.Count <= PageSize)
        {
            _sequence = newest;
            await ReloadAsync();
        }
    }

    private async Task ReloadAsync()
    {
        var read = (Region, Collection, Prefix);
        _read = read;
        await GuardAsync(async () =>
        {
            if (Collection is null)
            {
                var own = (await Client.ListCollectionsAsync(limit: 1000)).Items;
                var system = (await Client.ListCollectionsAsync("_")).Items;
                _collections = [.. own, .. system];
            }
            else
            {
                var shown = await Client.GetCollectionAsync(Collection);
                var page = await Client.ListDocumentsAsync(Collection, Prefix, PageSize);
                if (_read == read)
                {
                    (_shown, _documents, _next) = (shown, page.Items, page.NextCursor);
                }
            }

            _loaded = true;
        });
    }

    private Task MoreAsync() => GuardAsync(async () =>
    {
        var page = await Client.ListDocumentsAsync(Collection!, Prefix, PageSize, _next);
        (_documents, _next) = ([.. _documents, .. page.Items], page.NextCursor);
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

    private async Task CreateAsync(string? reason)
    {
        await Client.CreateCollectionAsync(_name, _strategy, reason);
        _creating = false;
        navigation.NavigateTo(Addresses.CollectionOf(_name, Region));
    }

    private async Task DropAsync(string? reason)
    {
        await Client.DropCollectionAsync(Collection!, reason);
        _dropping = false;
        navigation.NavigateTo(Addresses.With(Addresses.Documents, (RegionField, Region)));
    }

    /// <summary>A path of the API with the region, as commands show it.</summary>
    private string Here(string path) => Addresses.With(path, (RegionField, Region));

    private void Go(string? key, bool create = false) => Navigate(Prefix, Sort, key, create, replace: false);

    private void Navigate(string? prefix, string? sort, string? key, bool create, bool replace) =>
        navigation.NavigateTo(
            Addresses.With(
                Addresses.Documents,
                (RegionField, Region), (CollectionField, Collection), (PrefixField, prefix), (SortField, sort), (KeyField, key), ("create", create ? "true" : null)),
            replace: replace);
}
