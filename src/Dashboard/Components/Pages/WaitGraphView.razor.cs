using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts.Live;
using Quorate.Contracts.Locks;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Who waits for whom, and the deadlocks that were found and broken. Read anew when a lock changes.</summary>
public partial class WaitGraphView(QuorateClient client, Clock clock, Curl curl)
{
    private WaitGraph? _graph;
    private string? _failure;
    private bool _reading;
    private bool _outdated;

    /// <summary>The past deadlock that is shown, by its log index; null shows the waiting as it is now.</summary>
    [Parameter]
    public long? Deadlock { get; set; }

    [Parameter]
    public EventCallback<long?> OnChoose { get; set; }

    [Parameter]
    public string? Sort { get; set; }

    [Parameter]
    public EventCallback<string> OnSort { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Locks];

    private Clock Clock => clock;

    private Curl Curl => curl;

    private PastDeadlock? Chosen => _graph?.Deadlocks.FirstOrDefault(deadlock => deadlock.Index == Deadlock);

    protected override Task OnInitializedAsync() => ReadAsync();

    protected override Task OnLiveAsync(LiveBatch batch) => batch.Topics.Contains(Topics.Locks) ? ReadAsync() : Task.CompletedTask;

    private static string CycleWords(PastDeadlock deadlock) =>
        string.Join(" → ", deadlock.Cycle.Select(step => step.Owner).Append(deadlock.Cycle[0].Owner));

    /// <summary>One reading at a time; what changes meanwhile is read once more after it.</summary>
    private async Task ReadAsync()
    {
        _outdated = true;
        if (_reading)
        {
            return;
        }

        _reading = true;
        try
        {
            while (_outdated)
            {
                _outdated = false;
                _graph = await client.GetWaitGraphAsync();
                _failure = null;
            }
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, Text);
        }
        finally
        {
            _reading = false;
        }
    }
}
