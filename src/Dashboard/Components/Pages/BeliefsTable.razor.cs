using Quorate.Client;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>What each node believes, read again when the topology changed.</summary>
public partial class BeliefsTable(QuorateClient client, TimeProvider time)
{
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(500);

    private Throttle? _reading;
    private BeliefMatrix? _matrix;
    private string? _failure;

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Topology];

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _reading = new Throttle(time, ShortestInterval, ReadAsync);
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = _reading!.AskAsync();
        }
    }

    protected override Task OnLiveAsync(LiveBatch batch)
    {
        if (batch.Topics.Contains(Topics.Topology))
        {
            _ = _reading!.AskAsync();
        }

        return Task.CompletedTask;
    }

    protected override void Disposing() => _reading?.Dispose();

    private async Task ReadAsync(CancellationToken cancellation)
    {
        try
        {
            _matrix = BeliefMatrix.Of(await client.GetBeliefsAsync(cancellation));
            _failure = null;
        }
        catch (Exception exception) when (Failures.IsExpected(exception) && !cancellation.IsCancellationRequested)
        {
            _failure = Failures.Describe(exception, Text);
        }

        StateHasChanged();
    }

    private static Severity SeverityOf(BeliefMatrix matrix) =>
        matrix.Disagreements > 0 ? Severity.Critical : matrix.Silent > 0 ? Severity.Warning : Severity.Healthy;

    private string Verdict(BeliefMatrix matrix) =>
        matrix.Disagreements > 0 ? Text.Count("Beliefs.Disagreements", matrix.Disagreements)
        : matrix.Silent > 0 ? Text.Count("Beliefs.Silent", matrix.Silent)
        : Text["Beliefs.Agree"];
}
