using Microsoft.AspNetCore.Components;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Live;

/// <summary>A short text about a moment that changes as time passes; drawn again only when the words differ.</summary>
public abstract class TickingComponent : ComponentBase, IDisposable
{
    [Inject]
    protected Ticker Ticker { get; set; } = default!;

    [Inject]
    protected Text Text { get; set; } = default!;

    [Inject]
    protected Clock Clock { get; set; } = default!;

    protected string Words { get; private set; } = "";

    public void Dispose()
    {
        Ticker.Ticked -= OnTicked;
        Disposing();
        GC.SuppressFinalize(this);
    }

    protected override void OnInitialized() => Ticker.Ticked += OnTicked;

    protected override void OnParametersSet() => Words = Say(Ticker.Now);

    protected abstract string Say(DateTimeOffset now);

    protected virtual void Disposing()
    {
    }

    protected void OnTicked() => _ = InvokeAsync(() =>
    {
        var words = Say(Ticker.Now);
        if (words != Words)
        {
            Words = words;
            StateHasChanged();
        }
    });
}
