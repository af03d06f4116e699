using Microsoft.AspNetCore.Components;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Live;

/// <summary>A component that is drawn again when a live topic it shows has changed, or the connection has.</summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    [Inject]
    protected LiveState Live { get; set; } = default!;

    [Inject]
    protected Text Text { get; set; } = default!;

    protected LiveStore Store => Live.Store;

    /// <summary>The topics shown.</summary>
    protected abstract IReadOnlyCollection<string> Follows { get; }

    public void Dispose()
    {
        Live.Changed -= OnChanged;
        Disposing();
        GC.SuppressFinalize(this);
    }

    protected override void OnInitialized() => Live.Changed += OnChanged;

    /// <summary>Runs on the circuit before the component is drawn again.</summary>
    protected virtual Task OnLiveAsync(LiveBatch batch) => Task.CompletedTask;

    protected virtual void Disposing()
    {
    }

    private void OnChanged(LiveBatch batch)
    {
        if (batch.Topics.IsEmpty || batch.Topics.Overlaps(Follows))
        {
            _ = InvokeAsync(async () =>
            {
                await OnLiveAsync(batch);
                StateHasChanged();
            });
        }
    }
}
