using Microsoft.AspNetCore.Components;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>One of a few views of a page; each has its address.</summary>
public partial class Choices
{
    [Parameter, EditorRequired]
    public required IEnumerable<Choice> Items { get; set; }

    [Parameter, EditorRequired]
    public required string Current { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>Each choice's test id is this, a hyphen and its id.</summary>
    [Parameter, EditorRequired]
    public required string TestId { get; set; }
}

public sealed record Choice(string Id, string Name, string Address);
