using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>Rows that can be sorted, filtered, selected and exported; only those in view are drawn when there are many.</summary>
/// <remarks>Filter, order and selection belong to the page, which keeps them in its URL.</remarks>
public partial class DataTable<TRow>(Browser browser, Text text)
{
    /// <summary>Up to here all rows are drawn, and the page scrolls instead of the table.</summary>
    public const int LongTable = 150;

    private const float RowHeight = 34;

    private readonly List<Column<TRow>> _columns = [];
    private readonly HashSet<string> _hidden = [];
    private readonly Queue<string> _typed = [];
    private string? _filter;
    private string? _lastFilter;
    private IReadOnlyList<TRow>? _sortedFrom;
    private SortOrder? _sortedBy;
    private List<TRow> _sorted = [];

    [Parameter, EditorRequired]
    public required IReadOnlyList<TRow> Rows { get; set; }

    /// <summary>Identifies a row; also its <c>data-key</c>.</summary>
    [Parameter, EditorRequired]
    public required Func<TRow, object> Key { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment Columns { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter, EditorRequired]
    public required string RowTestId { get; set; }

    /// <summary>Null leaves the rows as they come.</summary>
    [Parameter]
    public SortOrder? Sort { get; set; }

    [Parameter]
    public EventCallback<SortOrder> OnSort { get; set; }

    [Parameter]
    public string? Filter { get; set; }

    [Parameter]
    public EventCallback<string?> OnFilter { get; set; }

    [Parameter]
    public string? FilterHint { get; set; }

    [Parameter]
    public object? Selected { get; set; }

    [Parameter]
    public EventCallback<TRow> OnSelect { get; set; }

    /// <summary>All there are, when <see cref="Rows"/> is a part.</summary>
    [Parameter]
    public long? Total { get; set; }

    [Parameter]
    public RenderFragment? Toolbar { get; set; }

    [Parameter]
    public RenderFragment? Empty { get; set; }

    [Parameter]
    public RenderFragment? Footer { get; set; }

    private Text Text => text;

    private bool IsLong => Rows.Count > LongTable;

    private IEnumerable<Column<TRow>> Shown => _columns.Where(column => !_hidden.Contains(column.Id));

    private string CountLabel => Total is { } total && total != Rows.Count
        ? text["Table.Part", Format.Number(Rows.Count), Format.Number(total)]
        : text.Count("Table.Rows", Rows.Count);

    private ICollection<TRow> Sorted
    {
        get
        {
            if (!ReferenceEquals(_sortedFrom, Rows) || _sortedBy != Sort)
            {
                (_sortedFrom, _sortedBy, _sorted) = (Rows, Sort, InOrder());
            }

            return _sorted;
        }
    }

    /// <summary>
    /// What was typed comes back through the page's URL, late: by then more has been typed, which must not be overwritten.
    /// </summary>
    protected override void OnParametersSet()
    {
        if (Filter == _lastFilter)
        {
            return;
        }

        _lastFilter = Filter;
        if (!_typed.Contains(Filter ?? ""))
        {
            _filter = Filter;
            return;
        }

        while (_typed.Dequeue() != (Filter ?? ""))
        {
        }
    }

    internal void Add(Column<TRow> column) => _columns.Add(column);

    private List<TRow> InOrder()
    {
        if (_columns.Find(column => column.Id == Sort?.Column) is not { } by)
        {
            return [.. Rows];
        }

        return Sort!.Descending
            ? [.. Rows.OrderByDescending(by.Value, CellComparer.Instance)]
            : [.. Rows.OrderBy(by.Value, CellComparer.Instance)];
    }

    private Task TypeFilterAsync(string? filter)
    {
        _filter = filter;
        _typed.Enqueue(filter ?? "");
        return OnFilter.InvokeAsync(filter);
    }

    private string? AriaSort(Column<TRow> column) =>
        Sort?.Column != column.Id ? null : Sort.Descending ? "descending" : "ascending";

    private void Toggle(string column)
    {
        if (!_hidden.Remove(column) && _hidden.Count < _columns.Count - 1)
        {
            _hidden.Add(column);
        }
    }

    private Task KeyDownAsync(KeyboardEventArgs args, TRow row) =>
        args.Key == "Enter" ? OnSelect.InvokeAsync(row) : Task.CompletedTask;

    private async Task ExportCsvAsync() =>
        await browser.DownloadAsync($"{RowTestId}s.csv", "text/csv", TableExport.Csv(ColumnIds, Cells));

    private async Task ExportJsonAsync() =>
        await browser.DownloadAsync($"{RowTestId}s.json", "application/json", TableExport.ToJson(ColumnIds, Cells));

    private IReadOnlyList<string> ColumnIds => [.. _columns.Select(column => column.Id)];

    private IEnumerable<IReadOnlyList<object?>> Cells =>
        Sorted.Select(row => _columns.Select(column => (column.Export ?? column.Value)(row)).ToList());

    /// <summary>Text by code point, as keys and names are ordered everywhere else; what is unknown comes first.</summary>
    private sealed class CellComparer : IComparer<object?>
    {
        public static readonly CellComparer Instance = new();

        public int Compare(object? x, object? y) => (x, y) switch
        {
            (string left, string right) => string.CompareOrdinal(left, right),
            _ => Comparer<object>.Default.Compare(x!, y!),
        };
    }
}
