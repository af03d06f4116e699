using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>One document, edited against the revision that was read; what others write meanwhile never replaces what is being typed.</summary>
public partial class DocumentPanel(QuorateClient client, Curl curl, Text text)
{
    private DocumentEditor? _editor;
    private string _newKey = "";
    private string? _failure;
    private long _readAt;
    private bool _missing;
    private bool _working;
    private bool _saved;
    private bool _deleting;

    /// <summary>Whose document it is; null: the gateway's own region.</summary>
    [Parameter]
    public string? Region { get; set; }

    [Parameter, EditorRequired]
    public required string Collection { get; set; }

    /// <summary>Null to create one.</summary>
    [Parameter, EditorRequired]
    public string? DocumentKey { get; set; }

    [Parameter]
    public bool ReadOnly { get; set; }

    /// <summary>The newest change of anything: when it is another, the document is read again.</summary>
    [Parameter, EditorRequired]
    public long Sequence { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    [Parameter, EditorRequired]
    public EventCallback<string> OnCreated { get; set; }

    private Text Text => text;

    private Curl Curl => curl;

    private QuorateClient Client => client.In(Region);

    private string Path(string key, string? rev = null) => Addresses.With(Routes.Document(Collection, key), ("region", Region), ("rev", rev));

    private bool CanSave => !_working && _editor is { Error: null, Dirty: true, Text.Length: > 0, Theirs: null, Removed: false };

    private string SaveCommand => curl.Write(
        "PUT",
        Path(_editor!.Key),
        _editor.Error is null && _editor.Text.Length > 0
            ? JsonSerializer.Serialize(new PutDocumentRequest(_editor.Value(), _editor.Base?.Rev), ContractJson.Options)
            : """{"value":…}""");

    protected override async Task OnParametersSetAsync()
    {
        if (RendererInfo.IsInteractive && !_working && (_editor is null ? DocumentKey is not null : Sequence != _readAt))
        {
            _readAt = Sequence;
            await ReadAsync();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            var current = await Client.GetDocumentAsync(Collection, _editor?.Key ?? DocumentKey!);
            if (_editor is null)
            {
                _editor = DocumentEditor.Open(current);
            }
            else
            {
                _editor.Receive(current);
            }
        }
        catch (QuorateException exception) when (exception.Code is ErrorCodes.DocumentNotFound or ErrorCodes.CollectionNotFound)
        {
            _missing = _editor is null;
            if (_editor?.Base is not null)
            {
                _editor.Receive(null);
            }
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
    }

    private void Start() => _editor = DocumentEditor.Create(_newKey);

    private void Edit(string? value)
    {
        _saved = false;
        _editor!.Edit(value ?? "");
    }

    private async Task SaveAsync()
    {
        var editor = _editor!;
        (_working, _failure) = (true, null);
        try
        {
            // A new document must not be one by now that nobody here has seen.
            await Client.PutDocumentAsync(Collection, editor.Key, editor.Value(), editor.Base?.Rev, onlyIfAbsent: editor.Base is null);
            _editor = DocumentEditor.Open(await Client.GetDocumentAsync(Collection, editor.Key));
            _saved = true;
            if (DocumentKey is null)
            {
                await OnCreated.InvokeAsync(editor.Key);
            }
        }
        catch (QuorateException exception) when (exception.Code == ErrorCodes.RevConflict)
        {
            await ReadAsync();
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

    private async Task DeleteAsync(string? reason)
    {
        await Client.DeleteDocumentAsync(Collection, _editor!.Key, _editor.Base!.Rev, reason);
        _deleting = false;
        await OnClose.InvokeAsync();
    }
}
