using Quorate.Contracts.Regions;

namespace Quorate.Dashboard.Model;

public enum StepState
{
    Waiting,
    Now,
    Done,
}

/// <summary>One of the six steps by which a region that was cut off comes back.</summary>
/// <param name="Name">Its words are <c>Step.</c> and this.</param>
public sealed record ReconnectStep(int Number, string Name, StepState State)
{
    private static readonly string[] Names = ["fetch", "gather", "compare", "settle", "apply", "push"];

    public static IReadOnlyList<ReconnectStep> Of(string phase)
    {
        // The steps that are under way together, from and including, counted from 1.
        var (first, last) = phase switch
        {
            RegionPhases.Fetching or RegionPhases.Copying => (1, 1),
            RegionPhases.Comparing => (2, 3),
            RegionPhases.Applying => (4, 5),
            RegionPhases.Pushing => (6, 6),
            RegionPhases.Streaming => (7, 7),
            _ => (0, 0),
        };
        return [.. Names.Select((name, index) => new ReconnectStep(
            index + 1, name, first > 0 && index + 1 < first ? StepState.Done : index + 1 >= first && index + 1 <= last ? StepState.Now : StepState.Waiting))];
    }
}
