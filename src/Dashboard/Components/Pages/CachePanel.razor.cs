using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts.Cache;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>One key of the cache as a reader gets it now: its value, and which layer had it. Looking counts as a read, like any other.</summary>
public partial class CachePanel(QuorateClient client, Curl curl, Text text)
{
    private const string PutExample = """{"value":1,"ttlMs":60000}""";

    /// <summary>Characters of a value that are shown.</summary>
    private const int MaxShown = 20_000;

    private CacheView? _view;
    private bool _missing;
    private bool _deleting;
    private string? _failure;

    [Parameter, EditorRequired]
    public required string Key { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    private Text Text => text;

    private Curl Curl => curl;

    protected override async Task OnInitializedAsync()
    {
        if (RendererInfo.IsInteractive)
        {
            await ReadAsync();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            _view = await client.GetCachedAsync(Key);
            (_missing, _failure) = (false, null);
        }
        catch (QuorateException problem) when (problem.Code == ErrorCodes.CacheMiss)
        {
            (_view, _missing, _failure) = (null, true, null);
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
    }

    private async Task DeleteAsync(string? reason)
    {
        await client.DeleteCachedAsync(Key, reason);
        _deleting = false;
        await ReadAsync();
        StateHasChanged();
    }

    private static string Shown(CacheView view) =>
        KeyEditor.Write(view.Value) is var json && json.Length > MaxShown ? json[..MaxShown] + "…" : json;
}
