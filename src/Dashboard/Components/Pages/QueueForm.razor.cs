using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Queues;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Creates a queue, or changes how one behaves.</summary>
public partial class QueueForm(QuorateClient client, Curl curl, Text text)
{
    // Resource keys of the fields, in the order of the form.
    private const string Deliveries = "MaxDeliveries";
    private const string Visibility = "Visibility";
    private const string Length = "MaxLength";
    private const string Bytes = "MaxBytes";
    private const string Dedup = "Dedup";

    private static readonly string[] Fields = [Deliveries, Visibility, Length, Bytes, Dedup];

    private readonly Dictionary<string, string> _values = [];
    private readonly HashSet<string> _wrong = [];
    private string _name = "";
    private string _overflow = QueueOverflows.Reject;

    /// <summary>The queue to change; null to create one.</summary>
    [Parameter]
    public QueueView? View { get; set; }

    [Parameter, EditorRequired]
    public EventCallback<string> OnDone { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnCancel { get; set; }

    private Text Text => text;

    private QueueConfiguration Configuration => new(
        (int?)Number(Deliveries), Number(Visibility), Number(Length), Number(Bytes), _overflow, Number(Dedup));

    protected override void OnInitialized()
    {
        if (View is not { Configuration: var known })
        {
            return;
        }

        _name = View.Name;
        _overflow = known.Overflow ?? QueueOverflows.Reject;
        Set(Deliveries, Digits(known.MaxDeliveries));
        Set(Visibility, Digits(known.VisibilityMs));
        Set(Length, Digits(known.MaxLength));
        Set(Bytes, Digits(known.MaxBytes));
        Set(Dedup, Digits(known.DedupWindowMs));
    }

    private void Set(string field, string? value)
    {
        _values[field] = value?.Trim() ?? "";
        var right = _values[field].Length == 0 || (long.TryParse(_values[field], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && (field != Deliveries || number <= int.MaxValue));
        _ = right ? _wrong.Remove(field) : _wrong.Add(field);
    }

    private long? Number(string field) =>
        long.TryParse(_values.GetValueOrDefault(field), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Digits(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    private string CommandOf(string? reason)
    {
        var body = JsonSerializer.SerializeToNode(Configuration, ContractJson.Options)!.AsObject();
        foreach (var unset in body.Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            body.Remove(unset);
        }

        return curl.Write("PUT", Routes.Queue(_name.Length == 0 ? "…" : _name), body.ToJsonString(), reason);
    }

    private async Task SaveAsync(string? reason)
    {
        await client.PutQueueAsync(_name, Configuration, reason);
        await OnDone.InvokeAsync(_name);
    }
}
