namespace Quorate.Dashboard.Model;

/// <summary>How much something needs a human; each has an icon, a word and a colour.</summary>
public enum Severity
{
    Healthy,
    Info,
    Warning,
    Critical,
    Unknown,
}

public static class SeverityNames
{
    /// <summary>CSS class and icon name.</summary>
    public static string Name(this Severity severity) => severity switch
    {
        Severity.Healthy => "healthy",
        Severity.Info => "info",
        Severity.Warning => "warning",
        Severity.Critical => "critical",
        _ => "unknown",
    };

    public static string IconName(this Severity severity) => severity == Severity.Healthy ? "check" : severity.Name();

    /// <param name="name">As the events topic writes it.</param>
    public static Severity Parse(string name) => name switch
    {
        "info" => Severity.Info,
        "warning" => Severity.Warning,
        "critical" => Severity.Critical,
        _ => Severity.Unknown,
    };
}
