using Microsoft.AspNetCore.Components;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>Puts a text on the clipboard and says so until the pointer moves on.</summary>
public partial class CopyButton(Browser browser, Text text)
{
    private string? _copiedValue;

    [Parameter, EditorRequired]
    public required string Value { get; set; }

    private Text Text => text;

    private string Label => text["Copy.Action", Value];

    private bool Copied => _copiedValue == Value;

    private async Task CopyAsync()
    {
        if (await browser.CopyAsync(Value))
        {
            _copiedValue = Value;
        }
    }
}
