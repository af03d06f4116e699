using Microsoft.AspNetCore.Components;
using Quorate.Contracts;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>Below a table that begins with the first 1000 rows: says how many there are, and reads on, page by page.</summary>
public partial class MoreRows<TView>(Text text)
{
    /// <summary>As many as a live topic brings at first.</summary>
    private const int PageSize = 1000;

    private bool _loading;
    private string? _failure;

    [Parameter, EditorRequired]
    public required PagedRows<TView> Rows { get; set; }

    /// <summary>Rows that the table has now.</summary>
    [Parameter, EditorRequired]
    public required long Known { get; set; }

    /// <summary>Rows that there are.</summary>
    [Parameter, EditorRequired]
    public required long Total { get; set; }

    /// <summary>Reads a page: as many rows as the first number says, from the cursor on.</summary>
    [Parameter, EditorRequired]
    public required Func<int, string?, Task<Page<TView>>> Read { get; set; }

    /// <summary>A page has been read.</summary>
    [Parameter, EditorRequired]
    public required EventCallback OnRead { get; set; }

    [Parameter, EditorRequired]
    public required string TestId { get; set; }

    private Text Text => text;

    private bool HasMore => Total > Known && !Rows.Complete;

    /// <summary>The first page repeats what the live topic brought, so that the first time reads two.</summary>
    private async Task ReadMoreAsync()
    {
        (_loading, _failure) = (true, null);
        try
        {
            if (Rows.NextCursor is null)
            {
                await ReadPageAsync();
            }

            if (!Rows.Complete)
            {
                await ReadPageAsync();
            }
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, Text);
        }
        finally
        {
            _loading = false;
        }

        await OnRead.InvokeAsync();
    }

    private async Task ReadPageAsync()
    {
        Rows.Begin();
        Rows.Append(await Read(PageSize, Rows.NextCursor));
    }
}
