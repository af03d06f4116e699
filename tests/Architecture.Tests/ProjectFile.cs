using System.Xml.Linq;

namespace Quorate.Architecture.Tests;

/// <summary>What a project file says about itself and its dependencies.</summary>
internal sealed record ProjectFile(string Path, string Name, string AssemblyName, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    private static readonly string[] Folders = ["src", "tests", "e2e", "bench"];

    public static IReadOnlyList<ProjectFile> All { get; } =
        [.. Folders.SelectMany(folder => Repository.Files(folder, "*.csproj")).Select(Load)];

    public static IEnumerable<ProjectFile> Shipped => All.Where(project => project.Path.StartsWith("src/", StringComparison.Ordinal));

    private static ProjectFile Load(string path)
    {
        var document = XDocument.Parse(Repository.Read(path));
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        return new ProjectFile(
            path,
            name,
            document.Descendants("AssemblyName").FirstOrDefault()?.Value ?? name,
            [.. Included(document, "ProjectReference").Select(reference => System.IO.Path.GetFileNameWithoutExtension(reference.Replace('\\', '/')))],
            [.. document.Descendants("PackageReference").Where(Reaches).Select(element => element.Attribute("Include")!.Value)]);
    }

    private static IEnumerable<string> Included(XDocument document, string item) =>
        document.Descendants(item).Select(element => element.Attribute("Include")!.Value);

    /// <summary>Whether a package is part of the program, not only of its build.</summary>
    private static bool Reaches(XElement package) => package.Attribute("PrivateAssets")?.Value != "all";
}
