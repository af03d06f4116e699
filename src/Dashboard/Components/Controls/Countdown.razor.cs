using Microsoft.AspNetCore.Components;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>The time that is left, counted down locally.</summary>
public partial class Countdown
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    /// <summary>Null when it never ends; then <see cref="Never"/> is shown.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset? Until { get; set; }

    [Parameter]
    public string? Never { get; set; }

    private bool IsSoon => Until is { } until && until - Ticker.Now < Soon;

    protected override string Say(DateTimeOffset now) => Until switch
    {
        null => Never ?? Text["Time.Never"],
        { } until when until <= now => Text["Time.Due"],
        { } until => Format.Duration(until - now),
    };
}
