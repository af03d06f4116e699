using Microsoft.AspNetCore.Components;
using Quorate.Dashboard.Live;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>A titled box around live data: a skeleton before the first, grey when the stream has dropped.</summary>
public partial class Tile
{
    [Inject]
    private LiveState Live { get; set; } = default!;

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    [Parameter, EditorRequired]
    public required string Topic { get; set; }

    [Parameter, EditorRequired]
    public required string TestId { get; set; }

    /// <summary>CSS class of its width in a grid of tiles: <c>half</c>, <c>wide</c>, or null for a small one.</summary>
    [Parameter]
    public string? Size { get; set; }

    [Parameter]
    public int SkeletonLines { get; set; } = 2;

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private FreshnessKind Kind => Live.Freshness(Topic).Kind;

    private bool IsWaiting => Kind == FreshnessKind.Waiting;

    private bool IsStale => Kind == FreshnessKind.Stale;

    private string State => Kind.ToString().ToLowerInvariant();
}
