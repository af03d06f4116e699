using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Takes a file of the operator's machine, through the console, part by part.</summary>
public partial class UploadBlobDialog(QuorateClient client, Curl curl, Text text)
{
    /// <summary>Through a browser; a command line takes larger ones.</summary>
    private const long MaxBytes = 1L << 30;

    private IBrowserFile? _file;
    private string _id = "";
    private long? _done;

    /// <summary>Where it goes; null: the gateway's own region.</summary>
    [Parameter]
    public string? Region { get; set; }

    [Parameter, EditorRequired]
    public required EventCallback OnDone { get; set; }

    [Parameter, EditorRequired]
    public required EventCallback OnCancel { get; set; }

    private Text Text => text;

    private string Command(string? reason)
    {
        var header = string.IsNullOrWhiteSpace(reason) ? "" : $" -H '{Headers.Reason}: {reason.Replace("'", "'\\''", StringComparison.Ordinal)}'";
        return $"curl -T '{(_file?.Name ?? "FILE").Replace("'", "'\\''", StringComparison.Ordinal)}' '{curl.Address(Addresses.With(Routes.Blob(_id.Length > 0 ? _id : "ID"), ("region", Region))).AbsoluteUri}'{header}";
    }

    private void Choose(InputFileChangeEventArgs chosen)
    {
        _file = chosen.File;
        _id = _id.Length > 0 ? _id : chosen.File.Name;
    }

    private async Task UploadAsync(string? reason)
    {
        _done = 0;
        await using var content = _file!.OpenReadStream(MaxBytes);
        var progress = new Progress<long>(bytes =>
        {
            _done = bytes;
            StateHasChanged();
        });
        try
        {
            await client.In(Region).UploadBlobAsync(_id, content, _file.Size, _file.ContentType, reason, progress);
        }
        catch (IOException exception)
        {
            // The file is larger than a browser may send, or the browser cannot read it any more.
            throw new InvalidOperationException(exception.Message, exception);
        }

        await OnDone.InvokeAsync();
    }
}
