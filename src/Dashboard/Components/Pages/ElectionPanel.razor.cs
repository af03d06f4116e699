using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Elections;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>One election: its leader, who waits, and the terms that are over.</summary>
public partial class ElectionPanel(QuorateClient client, Curl curl, Text text)
{
    private ElectionLeader? _asking;
    private IReadOnlyList<ElectionTerm> _terms = [];
    private (string Name, int Terms, long Token)? _read;
    private string? _failure;

    [Parameter, EditorRequired]
    public required string Name { get; set; }

    /// <summary>Null when it is not known.</summary>
    [Parameter, EditorRequired]
    public ElectionView? View { get; set; }

    /// <summary>Whether the elections have arrived at all.</summary>
    [Parameter, EditorRequired]
    public bool Known { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    private Text Text => text;

    private Curl Curl => curl;

    /// <summary>All past terms once they are read, until then the few that the live topic brings.</summary>
    private IReadOnlyList<ElectionTerm> Terms =>
        View is { } view && _terms.Count > view.Terms.Count && _read?.Name == Name ? _terms : View?.Terms ?? [];

    protected override async Task OnParametersSetAsync()
    {
        if (View is not { } view || view.TermCount <= view.Terms.Count || _read == (Name, view.TermCount, view.FencingToken))
        {
            return;
        }

        _read = (Name, view.TermCount, view.FencingToken);
        try
        {
            _terms = (await client.GetElectionAsync(Name)).Terms;
            _failure = null;
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
    }

    private static string Body(ElectionLeader leader) =>
        JsonSerializer.Serialize(new ResignRequest(leader.Candidate, leader.FencingToken), ContractJson.Options);

    private async Task ResignAsync(string? reason)
    {
        await client.ResignAsync(Name, new ResignRequest(_asking!.Candidate, _asking.FencingToken), reason);
        _asking = null;
        StateHasChanged();
    }
}
