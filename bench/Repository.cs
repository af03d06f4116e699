namespace Quorate.Bench;

internal static class Repository
{
    /// <summary>The folder that this program was built from.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Admin.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no Admin.sln above {AppContext.BaseDirectory}");
    }
}
