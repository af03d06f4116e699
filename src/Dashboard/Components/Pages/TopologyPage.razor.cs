using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Laboratory;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Components.Controls;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>The nodes, how they hang together, and what may be tried on them.</summary>
public partial class TopologyPage(QuorateClient client, NavigationManager navigation, Curl curl)
{
    private Asked? _asked;

    [SupplyParameterFromQuery(Name = "node")]
    private string? NodeId { get; set; }

    [SupplyParameterFromQuery(Name = "view")]
    private string? ViewName { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? Sort { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Topology];

    private Curl Curl => curl;

    private Topology? View => Store.Topology;

    private string Shown => TopologyViews.Parse(ViewName);

    private IEnumerable<Choice> Views =>
    [
        new(TopologyViews.Nodes, Text["Topology.Nodes"], Address(null, NodeId, null)),
        new(TopologyViews.Members, Text["Members.Title"], Address(TopologyViews.Members, NodeId, null)),
        new(TopologyViews.Charts, Text["Charts.Title"], Address(TopologyViews.Charts, NodeId, null)),
    ];

    private NodeView? Chosen => View?.Nodes.FirstOrDefault(node => node.Id == NodeId);

    private static TimeSpan? Uptime(NodeView node) => node.UptimeMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    private static Severity HealthOf(NodeView node) => node.Health switch
    {
        NodeHealths.Healthy => Severity.Healthy,
        NodeHealths.Lagging or NodeHealths.Stopped => Severity.Warning,
        NodeHealths.Isolated or NodeHealths.Unreachable => Severity.Critical,
        _ => Severity.Unknown,
    };

    /// <summary>Whether it is safe to stop it, for whoever does so on its machine; null for a node that does not run.</summary>
    private QuorumPreflight? IfStopped(NodeView node) =>
        View is { } view && node.Health is not (NodeHealths.Stopped or NodeHealths.Unreachable) ? QuorumPreflight.Of(view, node, LaboratoryActions.Stop) : null;

    private string PreflightWords(QuorumPreflight preflight)
    {
        if (!preflight.AffectsQuorum)
        {
            return Text["Preflight.NoEffect", preflight.HealthyAfter, preflight.Voters];
        }

        var remain = Text["Preflight.Remain", preflight.HealthyAfter, preflight.Voters];
        var survives = preflight.Survives == 0 ? Text["Quorum.NoTolerance"] : Text.Count("Preflight.Survives", preflight.Survives);
        return preflight.WritesGoOn ? Text["Preflight.WritesGoOn", remain, survives] : Text["Preflight.WritesStop", remain];
    }

    private static string CommandPath(Asked asked) => Routes.LaboratoryNode(asked.Node, asked.Action);

    private string CommandOf(Asked asked, string? reason) => curl.Write("POST", CommandPath(asked), reason: reason);

    private void Ask(string node, string action) => _asked = new Asked(node, action);

    private async Task ActAsync(Asked asked, string? reason)
    {
        await client.ActOnNodeAsync(asked.Node, asked.Action, reason);
        _asked = null;
        StateHasChanged();
    }

    private void Select(string? node) => Go(node == NodeId ? null : node, Sort);

    private void SetSort(SortOrder sort) => Go(NodeId, sort.ToString());

    private void Go(string? node, string? sort) => navigation.NavigateTo(Address(ViewName, node, sort));

    private static string Address(string? view, string? node, string? sort) =>
        Addresses.With(Addresses.Topology, ("view", view), ("node", node), ("sort", sort));

    private sealed record Asked(string Node, string Action);
}
