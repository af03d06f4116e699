using Microsoft.AspNetCore.Components;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>A command to copy.</summary>
public partial class Command
{
    [Parameter, EditorRequired]
    public required string Value { get; set; }
}
