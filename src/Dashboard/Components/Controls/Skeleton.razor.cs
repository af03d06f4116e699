using Microsoft.AspNetCore.Components;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>Holds the place of what is still to come.</summary>
public partial class Skeleton
{
    [Parameter]
    public int Lines { get; set; } = 3;
}
