using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Quorate.Dashboard.Hosting;

/// <summary>The few things only the browser can do. Nothing here works while prerendering.</summary>
public sealed class Browser(IJSRuntime script) : IAsyncDisposable
{
    private const string Module = "./_content/Quorate.Dashboard/dashboard.js";

    private Task<IJSObjectReference>? _module;

    /// <summary>IANA name of the time zone, such as <c>Europe/Zurich</c>.</summary>
    public ValueTask<string?> TimeZoneAsync() => InvokeAsync<string?>("timeZone");

    public ValueTask<bool> CopyAsync(string text) => InvokeAsync<bool>("copy", text);

    public ValueTask<bool> DownloadAsync(string name, string mediaType, string content) =>
        InvokeAsync<bool>("download", name, mediaType, content);

    /// <summary>Whether the window is as narrow as a phone's.</summary>
    public ValueTask<bool> IsNarrowAsync() => InvokeAsync<bool>("isNarrow");

    /// <summary>Opens a <c>dialog</c> element as modal: the browser traps the focus and gives it back when the element goes.</summary>
    public ValueTask<bool> ShowModalAsync(ElementReference dialog) => InvokeAsync<bool>("showModal", dialog);

    public ValueTask<bool> FocusAsync(ElementReference element) => InvokeAsync<bool>("focusFirst", element);

    public async ValueTask DisposeAsync()
    {
        if (_module is { IsCompletedSuccessfully: true })
        {
            try
            {
                await (await _module).DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The browser is gone, and the module with it.
            }
        }
    }

    private async ValueTask<T> InvokeAsync<T>(string function, params object?[] arguments)
    {
        var module = await (_module ??= script.InvokeAsync<IJSObjectReference>("import", Module).AsTask());
        return await module.InvokeAsync<T>(function, arguments);
    }
}
