using Quorate.Contracts.Live;

namespace Quorate.Dashboard.Components.Pages;

public partial class Overview
{
    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Topology];
}
