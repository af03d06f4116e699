using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Writes one value to the cache by hand.</summary>
public partial class PutCachedDialog(QuorateClient client, Curl curl, Text text)
{
    private const int MsPerSecond = 1000;

    private string _key = "";
    private string _value = """{ "price": 12 }""";
    private long? _seconds = 60;

    /// <summary>The key to begin with.</summary>
    [Parameter]
    public string? Suggested { get; set; }

    /// <summary>Gets the key that was written.</summary>
    [Parameter, EditorRequired]
    public EventCallback<string> OnDone { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnCancel { get; set; }

    private Text Text => text;

    private Curl Curl => curl;

    private bool IsJson => TryParse(out _);

    private bool Ready => _key.Trim().Length > 0 && IsJson && _seconds is null or > 0;

    private string Body => TryParse(out var value)
        ? JsonSerializer.Serialize(new PutKeyRequest(value, _seconds * MsPerSecond), ContractJson.Options)
        : """{"value":…}""";

    protected override void OnInitialized() => _key = Suggested ?? "";

    private async Task PutAsync(string? reason)
    {
        TryParse(out var value);
        await client.PutCachedAsync(_key.Trim(), value, _seconds * MsPerSecond, reason);
        await OnDone.InvokeAsync(_key.Trim());
    }

    private bool TryParse(out JsonElement value)
    {
        try
        {
            value = JsonElement.Parse(_value);
            return true;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }
}
