using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>One key: its value, edited with compare-and-set; what others write meanwhile never replaces what is being typed.</summary>
public partial class KeyPanel(QuorateClient client, Curl curl, Text text, TimeProvider time)
{
    private KeyEditor? _editor;
    private KeyChanges? _seen;
    private string _newKey = "";
    private string? _failure;
    private bool _missing;
    private bool _working;
    private bool _saved;
    private bool _deleting;
    private KeyMerge? _merge;
    private object? _mergeOf;

    /// <summary>Null to create one.</summary>
    [Parameter, EditorRequired]
    public string? KeyName { get; set; }

    /// <summary>What the name of a new key begins with.</summary>
    [Parameter]
    public string? Suggested { get; set; }

    [Parameter, EditorRequired]
    public required KeyChanges Changes { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    [Parameter, EditorRequired]
    public EventCallback<string> OnCreated { get; set; }

    private Text Text => text;

    private Curl Curl => curl;

    private bool CanSave => !_working && _editor is { Error: null, Dirty: true, Text.Length: > 0 };

    private string ConflictWords => _editor switch
    {
        { Removed: true } => text["Kv.RemovedMeanwhile"],
        { Conflict: true } => text["Kv.Refused"],
        _ => text["Kv.ChangedMeanwhile"],
    };

    /// <summary>Both sides member by member, when both are objects; begun anew when either side is another.</summary>
    private KeyMerge? Merge
    {
        get
        {
            var of = (_editor?.Base?.Revision, _editor?.Theirs?.Revision, _editor?.Text);
            if (!of.Equals(_mergeOf))
            {
                _mergeOf = of;
                _merge = _editor is { Error: null, Text.Length: > 0, Theirs: { } theirs } editor
                    ? KeyMerge.Of(editor.Base?.Value, editor.Value(), theirs.Value)
                    : null;
            }

            return _merge;
        }
    }

    private string SaveCommand => curl.Write(
        "PUT", Routes.Key(_editor!.Key), CommandBody(_editor), ifRevision: _editor.ExpectedRevision);

    protected override async Task OnInitializedAsync()
    {
        _newKey = Suggested ?? "";
        if (KeyName is not null && RendererInfo.IsInteractive)
        {
            await ReadAsync();
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if ((_editor is null && !_missing) || ReferenceEquals(_seen, Changes))
        {
            return;
        }

        _seen = Changes;
        if (_editor is null)
        {
            await LookAgainAsync();
        }
        else if (Changes.Reset || Changes.Written.TryGetValue(_editor.Key, out var written) && written.Truncated)
        {
            await ReadAgainAsync(_editor);
        }
        else if (Changes.Written.TryGetValue(_editor.Key, out var current))
        {
            _editor.Receive(current);
        }
        else if (Changes.Removed.Contains(_editor.Key))
        {
            _editor.ReceiveRemoval();
        }
    }

    /// <summary>The key was not there: somebody may have written it since.</summary>
    private async Task LookAgainAsync()
    {
        if (KeyName is not null && (Changes.Reset || Changes.Written.ContainsKey(KeyName)))
        {
            _missing = false;
            await ReadAsync();
        }
    }

    private static string CommandBody(KeyEditor editor) =>
        editor.Error is null && editor.Text.Length > 0
            ? JsonSerializer.Serialize(new PutKeyRequest(editor.Value()), CommandJson)
            : """{"value":…}""";

    private async Task ReadAsync()
    {
        try
        {
            _editor = KeyEditor.Open(await client.GetKeyAsync(KeyName!));
        }
        catch (QuorateException exception) when (exception.Code == ErrorCodes.KeyNotFound)
        {
            _missing = true;
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
    }

    private async Task ReadAgainAsync(KeyEditor editor)
    {
        try
        {
            editor.Receive(await client.GetKeyAsync(editor.Key));
        }
        catch (QuorateException exception) when (exception.Code == ErrorCodes.KeyNotFound)
        {
            if (editor.Base is not null)
            {
                editor.ReceiveRemoval();
            }
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
    }

    private void StartNew() => StartNewKey(_newKey);

    private void StartNewKey(string key)
    {
        _missing = false;
        _editor = KeyEditor.Create(key);
    }

    private void Edit(string? value)
    {
        _saved = false;
        _editor!.Edit(value ?? "");
    }

    private void Discard() => _editor = _editor!.Base is { } start ? KeyEditor.Open(start) : KeyEditor.Create(_editor.Key);

    private void TakeTheirs()
    {
        if (_editor!.Theirs is null)
        {
            _editor = null;
            _missing = true;
            return;
        }

        _editor.TakeTheirs();
    }

    /// <summary>What was decided stands in the editor, to be looked at and saved over exactly what was merged with.</summary>
    private void TakeMerged()
    {
        var merged = KeyEditor.Write(Merge!.Result());
        _editor!.KeepMine();
        Edit(merged);
    }

    private async Task SaveAsync()
    {
        var editor = _editor!;
        (_working, _failure) = (true, null);
        try
        {
            var answer = await client.PutKeyAsync(editor.Key, editor.Value(), editor.ExpectedRevision, RemainingTtlMs(editor));
            editor.Saved(answer.Revision, time.GetUtcNow());
            _saved = true;
            if (KeyName is null)
            {
                await OnCreated.InvokeAsync(editor.Key);
            }
        }
        catch (QuorateException exception) when (exception.Code == ErrorCodes.RevisionMismatch)
        {
            editor.Refuse(CurrentOf(exception.Problem));
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

    /// <summary>A write without a TTL would make the key permanent, so an edit keeps what is left of it.</summary>
    private long? RemainingTtlMs(KeyEditor editor) =>
        editor.Base?.ExpiresAt is { } until ? Math.Max(100, (long)(until - time.GetUtcNow()).TotalMilliseconds) : null;

    private static KeyView? CurrentOf(Problem problem) =>
        problem.Extensions?.TryGetValue("current", out var current) == true && current.ValueKind == JsonValueKind.Object
            ? current.Deserialize<KeyView>(ContractJson.Options)
            : null;

    private async Task DeleteAsync(string? reason)
    {
        await client.DeleteKeyAsync(_editor!.Key, _editor.ExpectedRevision, reason);
        _deleting = false;
        await OnClose.InvokeAsync();
    }

    private static readonly JsonSerializerOptions CommandJson = new(ContractJson.Options)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
