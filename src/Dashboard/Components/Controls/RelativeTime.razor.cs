using Microsoft.AspNetCore.Components;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>How long ago something was, or for how long it has lasted.</summary>
public partial class RelativeTime
{
    [Parameter, EditorRequired]
    public DateTimeOffset At { get; set; }

    /// <summary>Only the duration, without "ago".</summary>
    [Parameter]
    public bool Bare { get; set; }

    protected override string Say(DateTimeOffset now)
    {
        var age = now > At ? now - At : TimeSpan.Zero;
        return Bare ? Format.Duration(age)
            : age < TimeSpan.FromSeconds(1) ? Text["Time.Now"]
            : Text["Time.Ago", Format.Duration(age)];
    }
}
