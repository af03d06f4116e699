using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>What a key held before, and what each write changed.</summary>
public partial class KeyHistory(QuorateClient client, Text text)
{
    private IReadOnlyList<KeyRevisionView>? _revisions;
    private (string Key, long Revision)? _read;
    private long? _open;
    private bool _againstNow;
    private string? _failure;

    [Parameter, EditorRequired]
    public required string KeyName { get; set; }

    /// <summary>The newest revision that is known; the history is read again when it is another.</summary>
    [Parameter, EditorRequired]
    public long Revision { get; set; }

    /// <summary>An earlier value is to stand in the editor.</summary>
    [Parameter, EditorRequired]
    public EventCallback<JsonElement> OnRestore { get; set; }

    private Text Text => text;

    protected override async Task OnParametersSetAsync()
    {
        if (_read == (KeyName, Revision))
        {
            return;
        }

        _read = (KeyName, Revision);
        try
        {
            _revisions = (await client.GetKeyHistoryAsync(KeyName)).Items;
            _failure = null;
        }
        catch (QuorateException exception) when (exception.Code == ErrorCodes.KeyNotFound)
        {
            _revisions = [];
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
    }

    private void Toggle(long revision) => _open = _open == revision ? null : revision;

    private IReadOnlyList<JsonChange> Diff(KeyRevisionView revision, KeyRevisionView? before) => _againstNow
        ? JsonDiff.Of(revision.Value, _revisions![0].Value)
        : JsonDiff.Of(before?.Value, revision.Value);

    private string What(KeyRevisionView revision, KeyRevisionView? before)
    {
        if (revision.Change != KeyChangeKinds.Put)
        {
            return "";
        }

        return before is null || before.Change != KeyChangeKinds.Put
            ? text["Kv.Created"]
            : text.Count("Kv.Differences", JsonDiff.Of(before.Value, revision.Value).Count);
    }

    private static string Tone(KeyRevisionView revision) => revision.Change == KeyChangeKinds.Put ? "healthy" : "unknown";

    private static string IconOf(KeyRevisionView revision) => revision.Change switch
    {
        KeyChangeKinds.Put => "check",
        KeyChangeKinds.Expired => "waiting",
        _ => "trash",
    };
}
