using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Regions;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Settles many conflicts the same way: first a dry run that shows each, then the same in earnest.</summary>
public partial class BulkResolve(QuorateClient client, Curl curl, Text text)
{
    private const string TakePrefix = "take:";
    private const int DefaultMax = 100;
    private const int LargestMax = 1000;

    private static readonly JsonSerializerOptions BodyJson = new(ContractJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private string _how = ConflictStrategies.LastWriterWins;
    private int _max = DefaultMax;
    private ResolveConflictsResponse? _plan;
    private ResolveConflictsResponse? _done;
    private object? _planOf;
    private bool _working;
    private bool _asking;
    private string? _failure;

    /// <summary>Which conflicts; its strategy and writer do not count here.</summary>
    [Parameter, EditorRequired]
    public required ConflictFilter Filter { get; set; }

    /// <summary>Where it is done; null: the gateway's own region.</summary>
    [Parameter, EditorRequired]
    public string? Region { get; set; }

    [Parameter, EditorRequired]
    public required RegionsView Regions { get; set; }

    [Parameter]
    public EventCallback OnDone { get; set; }

    private Text Text => text;

    private Curl Curl => curl;

    private bool IsFork => _how == ConflictStrategies.Fork;

    /// <summary>Conflicts that the dry run would have settled.</summary>
    private int Able => _plan?.Items.Count(item => item.Error is null) ?? 0;

    private string Path => Addresses.With(Routes.ResolveConflicts, ("region", Region));

    private ResolveConflictsRequest Request => new(
        Empty(Filter.Collection), Empty(Filter.Prefix), Empty(Filter.Status),
        _how.StartsWith(TakePrefix, StringComparison.Ordinal) ? null : _how,
        _how.StartsWith(TakePrefix, StringComparison.Ordinal) ? _how[TakePrefix.Length..] : null,
        _max);

    private string Body => JsonSerializer.Serialize(Request, BodyJson);

    protected override void OnParametersSet()
    {
        var of = (Filter, Region);
        if (!of.Equals(_planOf))
        {
            (_planOf, _plan) = (of, null);
        }
    }

    private static string? Empty(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private void Choose(string? how) => (_how, _plan) = (how ?? ConflictStrategies.LastWriterWins, null);

    private void ChooseMax(string? max)
    {
        _max = int.TryParse(max, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 1, LargestMax) : DefaultMax;
        _plan = null;
    }

    private async Task TryAsync()
    {
        (_working, _failure, _done) = (true, null, null);
        try
        {
            _plan = await client.In(Region).ResolveConflictsAsync(Request, dryRun: true);
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
        finally
        {
            _working = false;
        }
    }

    private async Task ResolveAsync(string? reason)
    {
        _done = await client.In(Region).ResolveConflictsAsync(Request, dryRun: false, reason);
        (_asking, _plan) = (false, null);
        await OnDone.InvokeAsync();
        StateHasChanged();
    }
}
