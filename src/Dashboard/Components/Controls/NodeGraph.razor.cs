using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Quorate.Contracts.Cluster;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>The nodes and the links between them.</summary>
public partial class NodeGraph(Text text, Browser browser)
{
    private const double CardWidth = 196;
    private const double CardHeight = 76;

    /// <summary>With more nodes than these the lines cross too often for each to carry its round trip; the panel of the leader lists them.</summary>
    private const int MaxLabelled = 5;

    private bool _narrow;

    [Parameter, EditorRequired]
    public required Topology Topology { get; set; }

    [Parameter]
    public string? Selected { get; set; }

    [Parameter]
    public EventCallback<string> OnSelect { get; set; }

    private Text Text => text;

    private (double Width, double Height) Room =>
        _narrow ? GraphLayout.NarrowRoom(Topology.Nodes.Count) : GraphLayout.Room(Topology.Nodes.Count);

    private double Width => Room.Width;

    private double Height => Room.Height;

    private IReadOnlyDictionary<string, GraphPoint> Points => _narrow
        ? GraphLayout.PlaceNarrow(Topology.Nodes, (CardWidth / 2) + 2, (CardHeight / 2) + 2)
        : GraphLayout.Place(Topology.Nodes, Width, Height, (CardWidth / 2) + 2, (CardHeight / 2) + 2);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && await browser.IsNarrowAsync())
        {
            _narrow = true;
            StateHasChanged();
        }
    }

    private string EdgeLabel(GraphEdge edge) =>
        edge.State != LinkStates.Up ? text.Word("Link", edge.State)
        : edge.RoundTripMs is { } trip && Topology.Nodes.Count <= MaxLabelled ? Format.Milliseconds(trip)
        : "";

    private string LagSuffix(NodeView node) =>
        node.LagEntries is > 0 and var lag ? text.Count("Graph.Lag", lag) : "";

    private Task KeyAsync(KeyboardEventArgs args, string node) =>
        args.Key is "Enter" or " " ? OnSelect.InvokeAsync(node) : Task.CompletedTask;

    private static string F(double value) => ChartScale.Figure(value);
}
