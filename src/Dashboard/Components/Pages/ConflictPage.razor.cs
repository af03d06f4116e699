using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Live;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Regions;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>One conflict: what stands against what, how it came about, and how to settle it.</summary>
public partial class ConflictPage(QuorateClient client, Curl curl)
{
    private ConflictView? _conflict;
    private ConflictMerge? _merge;
    private Resolution? _asking;
    private (string? Id, string? Region)? _read;
    private long _stamp;
    private bool _missing;
    private string? _answer;
    private string? _failure;

    [SupplyParameterFromQuery(Name = "conflict")]
    private string? Id { get; set; }

    /// <summary>Whose view is shown and where it is settled; null: the gateway's own region.</summary>
    [SupplyParameterFromQuery(Name = "region")]
    private string? Region { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Lag, Topics.Conflicts];

    private Curl Curl => curl;

    protected override async Task OnParametersSetAsync()
    {
        if (Id is not null && RendererInfo.IsInteractive && _read != (Id, Region))
        {
            if (_read?.Id != Id)
            {
                (_merge, _asking, _answer) = (null, null, null);
            }

            _read = (Id, Region);
            _conflict = null;
            await ReadAsync();
        }
    }

    protected override async Task OnLiveAsync(LiveBatch batch)
    {
        var stamp = (Store.Regions.Find(Region) ?? Store.Regions?.Regions.FirstOrDefault(region => region.Local))?.Stamp() ?? 0;
        if (Id is not null && (batch.Topics.Contains(Topics.Conflicts) || stamp != _stamp))
        {
            _stamp = stamp;
            await ReadAsync();
        }
    }

    /// <summary>What is being merged stays as it is; saving it is refused if the document has changed since.</summary>
    private async Task ReadAsync()
    {
        var read = _read;
        try
        {
            var conflict = await client.In(Region).GetConflictAsync(Id!);
            if (read == _read)
            {
                (_conflict, _missing, _failure) = (conflict, false, null);
            }
        }
        catch (QuorateException exception) when (exception.Problem.Status == 404)
        {
            (_conflict, _missing) = (null, true);
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, Text);
        }
    }

    private void Ask(Resolution resolution) => (_asking, _answer) = (resolution, null);

    private void StartMerge() => _merge = ConflictMerge.Of(_conflict!);

    private async Task DoneAsync(string status)
    {
        (_asking, _merge, _answer) = (null, null, status == ConflictStatuses.Undone ? "undone" : "resolved");
        await ReadAsync();
        StateHasChanged();
    }

    /// <summary>A settlement with neither a version nor a value has forked the document.</summary>
    private string What(SettlementView settlement) =>
        settlement.Chosen is { } chosen ? Text["Conflict.Took", chosen]
        : settlement.Value is null && settlement.Kind == SettlementKinds.Resolved ? Text["Conflict.Forked"]
        : Text["Conflict.OtherValue"];

    private string Story(ConflictView conflict)
    {
        var writers = string.Join(Text["Quorum.Comma"], conflict.Regions);
        var met = Text["Conflict.Story.Met", writers, conflict.Key];
        var then = conflict.Status switch
        {
            ConflictStatuses.Open when conflict.Strategy == ConflictStrategies.Manual => Text["Conflict.Story.Manual", conflict.Winner ?? Format.Unknown],
            ConflictStatuses.Open => Text["Conflict.Story.Open"],
            ConflictStatuses.Automatic when conflict.Winner is null => Text["Conflict.Story.Fork"],
            ConflictStatuses.Automatic => Text["Conflict.Story.Latest", conflict.Winner!],
            ConflictStatuses.Overwritten => Text["Conflict.Story.Overwritten"],
            ConflictStatuses.Undone => Text["Conflict.Story.Undone"],
            _ => conflict.Winner is { } winner ? Text["Conflict.Story.Resolved", winner] : Text["Conflict.Story.Other"],
        };
        return $"{met} {then}";
    }
}
