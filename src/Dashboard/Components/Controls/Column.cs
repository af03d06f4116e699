using Microsoft.AspNetCore.Components;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>One column of a <see cref="DataTable{TRow}"/>.</summary>
[CascadingTypeParameter(nameof(TRow))]
public sealed class Column<TRow> : ComponentBase
{
    /// <summary>Stands in the URL when sorted by, and in exports.</summary>
    [Parameter, EditorRequired]
    public required string Id { get; set; }

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    /// <summary>What is sorted by, and exported unless <see cref="Export"/> says otherwise.</summary>
    [Parameter, EditorRequired]
    public required Func<TRow, object?> Value { get; set; }

    /// <summary>What stands in an export, where what is sorted by would mean nothing to its reader.</summary>
    [Parameter]
    public Func<TRow, object?>? Export { get; set; }

    /// <summary>What is shown; without it, the value.</summary>
    [Parameter]
    public RenderFragment<TRow>? Cell { get; set; }

    /// <summary>Figures stand at the right.</summary>
    [Parameter]
    public bool Numeric { get; set; }

    /// <summary>Left out on narrow screens.</summary>
    [Parameter]
    public bool Secondary { get; set; }

    [CascadingParameter]
    private DataTable<TRow> Table { get; set; } = default!;

    internal string Css => $"{(Numeric ? "numeric " : "")}{(Secondary ? "secondary" : "")}";

    protected override void OnInitialized() => Table.Add(this);
}
