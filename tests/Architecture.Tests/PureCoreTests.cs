namespace Quorate.Architecture.Tests;

/// <summary>The core neither reads a clock nor draws a random number nor touches a disk: that is what makes it simulable.</summary>
public sealed class PureCoreTests
{
    private static readonly string CoreAssembly = Path.Combine(AppContext.BaseDirectory, "Quorate.Core.dll");

    [Fact]
    public void Core_CallsNoBannedSymbol()
    {
        var banned = new BannedSymbols(Repository.Lines("src/Cluster/Core/BannedSymbols.txt"));
        Assert.True(banned.Count > 20, "the list of banned symbols was not read");
        Assert.Empty(banned.UsedBy(CoreAssembly));
    }

    [Fact]
    public void Core_References_OnlyTheBaseLibrary()
    {
        using var reader = new System.Reflection.PortableExecutable.PEReader(File.OpenRead(CoreAssembly));
        var metadata = System.Reflection.Metadata.PEReaderExtensions.GetMetadataReader(reader);
        string[] forbidden = ["System.Net", "System.IO.File", "System.Threading.Tasks.Parallel", "System.Diagnostics.Process", "Microsoft."];
        var references = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToArray();
        Assert.DoesNotContain(references, name => forbidden.Any(each => name.StartsWith(each, StringComparison.Ordinal)));
    }

    /// <summary>The checker itself, on an assembly that is known to do what Core must not: this one.</summary>
    [Fact]
    public void BannedSymbols_InAnAssemblyThatUsesThem_AreFound()
    {
        var banned = new BannedSymbols(
        [
            "T:System.IO.File; used by Repository",
            "M:System.IO.Path.Combine; used by Repository",
            "P:System.AppContext.BaseDirectory; used by Repository",
            "T:System.Collections.Generic.HashSet`1; used by BannedSymbols",
            "T:System.Console; used by nobody",
            "M:System.Guid.NewGuid; used by nobody",
        ]);
        Assert.Equal(
            ["System.AppContext.get_BaseDirectory", "System.Collections.Generic.HashSet`1", "System.IO.File", "System.IO.Path.Combine"],
            banned.UsedBy(typeof(PureCoreTests).Assembly.Location));
    }
}
