namespace Quorate.EndToEnd.Harness;

/// <summary>How a page is looked at.</summary>
internal sealed record Look(string Name, ColorScheme Scheme, int Width, int Height, string? Language = null)
{
    public static readonly Look Light = new("light", ColorScheme.Light, 1440, 900);
    public static readonly Look Dark = new("dark", ColorScheme.Dark, 1440, 900);
    public static readonly Look Phone = new("phone", ColorScheme.Light, 390, 844);
    public static readonly Look Chinese = new("chinese", ColorScheme.Light, 1440, 900, "zh");
}
