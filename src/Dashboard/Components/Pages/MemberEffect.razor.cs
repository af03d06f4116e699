using Microsoft.AspNetCore.Components;
using Quorate.Contracts.Cluster;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>What a change of members would do to the quorum, in the gateway's own words.</summary>
public partial class MemberEffect(Text text)
{
    /// <summary>The answer to the dry run; null until it has come.</summary>
    [Parameter, EditorRequired]
    public MemberChange? Change { get; set; }

    /// <summary>Why there is no answer.</summary>
    [Parameter]
    public string? Failure { get; set; }

    private Text Text => text;

    /// <summary>Whether the change would leave too few voters for a quorum; the gateway refuses it then.</summary>
    public static bool IsUnsafe(MemberChange change) => change.After.FaultTolerance < 0;

    private string Both(int before, int after) =>
        before == after ? text["Members.Same", Format.Number(before)] : text["Members.FromTo", Format.Number(before), Format.Number(after)];
}
