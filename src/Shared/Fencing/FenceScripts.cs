namespace Quorate.Fencing;

/// <summary>The scripts that run at the resources.</summary>
internal static class FenceScripts
{
    public static string Read(string name)
    {
        using var stream = typeof(FenceScripts).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
