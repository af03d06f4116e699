namespace Quorate.Soak.Processes;

/// <summary>The programs of this repository, from the same configuration as this one.</summary>
internal static class Executables
{
    public static string Node => Find("src/Cluster/Node", "quorate-node");

    public static string Gateway => Find("src/Gateway", "Quorate.Gateway");

    private static string Find(string project, string name)
    {
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var path = Path.Combine(Root(), project, "bin", framework.Parent!.Name, framework.Name, name);
        return File.Exists(path) ? path : throw new SoakFailure($"{path} is missing: build it first, as soak.sh does");
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Admin.sln")))
            {
                return folder.FullName;
            }
        }

        throw new SoakFailure($"no Admin.sln above {AppContext.BaseDirectory}");
    }
}
