namespace Quorate.Dashboard.Hosting;

/// <summary>Commands that pages without regions teach.</summary>
internal static class RegionExamples
{
    /// <summary>Three regions in one process.</summary>
    public const string Start = "dotnet run --project src/Gateway -- --regions eu,us,ap";
}
