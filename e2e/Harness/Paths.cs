using System.Reflection;

namespace Quorate.EndToEnd.Harness;

/// <summary>Where the build put things; written into this assembly by its project file.</summary>
internal static class Paths
{
    /// <summary>Ends with a separator.</summary>
    public static string Repository { get; } = Metadata("RepositoryRoot");

    public static string GatewayAssembly { get; } = Metadata("GatewayAssembly");

    /// <summary>Not under version control.</summary>
    public static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(Repository, "artifacts", "screenshots")).FullName;

    private static string Metadata(string key) => typeof(Paths).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
