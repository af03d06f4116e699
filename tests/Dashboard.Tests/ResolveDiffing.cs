using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Quorate.Dashboard.Tests;

/// <summary>bUnit was built against another AngleSharp.Diffing than the one that restores; this answers with the latter.</summary>
internal static class ResolveDiffing
{
    private const string Name = "AngleSharp.Diffing";

    [ModuleInitializer]
    internal static void Install() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name == Name
            ? context.LoadFromAssemblyPath(Path.Combine(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!, $"{Name}.dll"))
            : null;
}
