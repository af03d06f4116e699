using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Quorate.Architecture.Tests;

/// <summary>Who may know whom. Arrows point one way: Core and Contracts know nobody, the gateway puts everything together.</summary>
public sealed class DependencyTests
{
    private const string Core = "Quorate.Core";
    private const string Contracts = "Quorate.Contracts";
    private const string Client = "Quorate.Client";
    private const string Fencing = "Quorate.Fencing";
    private const string Node = "Quorate.Node";
    private const string Backends = "Quorate.Backends";
    private const string Gateway = "Quorate.Gateway";
    private const string Dashboard = "Quorate.Dashboard";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [Core] = [],
        [Contracts] = [],
        [Client] = [Contracts],
        [Fencing] = [Client, Contracts],
        [Node] = [Core, Contracts],
        [Backends] = [Client, Contracts],
        [Gateway] = [Core, Contracts, Client, Node, Backends, Dashboard],
        [Dashboard] = [Client, Contracts],
    };

    private static readonly string[] WithoutPackages = [Core, Contracts];

    public static TheoryData<string> Shipped() => new(ProjectFile.Shipped.Select(project => project.Name));

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Project_References_AreAllowed(string name)
    {
        var project = Find(name);
        Assert.True(Allowed.ContainsKey(name), $"{name} has no place in the order of dependencies yet");
        Assert.Empty(project.Projects.Except(Allowed[name]));
    }

    /// <summary>The compiler's word for it: a reference that arrives through another project counts too.</summary>
    [Theory]
    [MemberData(nameof(Shipped))]
    public void Assembly_References_AreAllowed(string name)
    {
        var ours = ProjectFile.Shipped.ToDictionary(project => project.AssemblyName, project => project.Name);
        var path = Path.Combine(AppContext.BaseDirectory, Find(name).AssemblyName + ".dll");
        using var reader = new PEReader(File.OpenRead(path));
        var metadata = reader.GetMetadataReader();
        var known = metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Where(ours.ContainsKey)
            .Select(assembly => ours[assembly]);
        Assert.Empty(known.Except(Allowed[name]));
    }

    [Fact]
    public void CoreAndContracts_Packages_AreNone() =>
        Assert.All(WithoutPackages, name => Assert.Empty(Find(name).Packages));

    [Fact]
    public void VendorComponents_AreKnownOnlyToControlsAndLayout()
    {
        string[] homes = ["src/Dashboard/Components/Controls/", "src/Dashboard/Components/Layout/", "src/Dashboard/Hosting/"];
        string[] roots = ["src/Dashboard/_Imports.razor", "src/Dashboard/DashboardServiceCollectionExtensions.cs", "src/Dashboard/Components/App.razor"];
        var strangers = Repository.Files("src/Dashboard", "*.razor").Concat(Repository.Files("src/Dashboard", "*.cs"))
            .Where(path => !homes.Any(home => path.StartsWith(home, StringComparison.Ordinal)) && !roots.Contains(path))
            .Where(path => Repository.Read(path).Contains("Radzen", StringComparison.Ordinal))
            .ToArray();
        Assert.Empty(strangers);
    }

    private static ProjectFile Find(string name) => ProjectFile.Shipped.Single(project => project.Name == name);
}
