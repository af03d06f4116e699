namespace Quorate.Dashboard.Components.Controls;

/// <summary>Drawings on a 16 × 16 grid, stroked in the text's colour.</summary>
internal static class Icons
{
    private static readonly Dictionary<string, string> Drawings = new()
    {
        ["overview"] = """<path d="M2 2.5h5v5H2zM9 2.5h5v5H9zM2 9.5h5v4H2zM9 9.5h5v4H9z"/>""",
        ["topology"] = """<circle cx="8" cy="3.5" r="2"/><circle cx="3.5" cy="12" r="2"/><circle cx="12.5" cy="12" r="2"/><path d="m7 5.3-2.5 5M9 5.3l2.5 5M5.5 12h5"/>""",
        ["lock"] = """<rect x="3" y="7" width="10" height="7" rx="1"/><path d="M5 7V5a3 3 0 0 1 6 0v2"/>""",
        ["queue"] = """<path d="M2 3.5h12M2 6.5h12M2 9.5h12M5.5 13h5"/>""",
        ["key"] = """<circle cx="5" cy="11" r="3"/><path d="m7.2 8.8 6-6M11 5l2 2M9 7l1.5 1.5"/>""",
        ["cache"] = """<path d="m8 1.8 6 3-6 3-6-3zM2 8l6 3 6-3M2 11.2l6 3 6-3"/>""",
        ["search"] = """<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>""",
        ["sun"] = """<circle cx="8" cy="8" r="3"/><path d="M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.1 1.1M11.9 11.9 13 13M3 13l1.1-1.1M11.9 4.1 13 3"/>""",
        ["moon"] = """<path d="M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z"/>""",
        ["close"] = """<path d="m4 4 8 8M12 4l-8 8"/>""",
        ["check"] = """<circle cx="8" cy="8" r="6"/><path d="m5.2 8.2 2 2 3.6-4.2"/>""",
        ["warning"] = """<path d="M8 2 1.8 13.5h12.4zM8 6.5v3.2M8 11.4v.4"/>""",
        ["critical"] = """<path d="M5.5 1.8h5l3.7 3.7v5l-3.7 3.7h-5l-3.7-3.7v-5zM8 4.8v4M8 10.8v.4"/>""",
        ["unknown"] = """<circle cx="8" cy="8" r="6"/><path d="M6.3 6.3A1.8 1.8 0 1 1 8 8.4v.9M8 11.2v.3"/>""",
        ["info"] = """<circle cx="8" cy="8" r="6"/><path d="M8 7.3v4M8 4.8v.3"/>""",
        ["leader"] = """<path d="m2 12.5-.5-7 3.6 3L8 3.5l2.9 5 3.6-3-.5 7z"/>""",
        ["follower"] = """<circle cx="8" cy="8" r="4.5"/>""",
        ["candidate"] = """<path d="M8 13.5v-9M4.2 8 8 4.2 11.8 8M3 2h10"/>""",
        ["learner"] = """<path d="M1.5 6 8 3l6.5 3L8 9zM4.5 7.5V11c2 1.6 5 1.6 7 0V7.5"/>""",
        ["offline"] = """<circle cx="8" cy="8" r="6"/><path d="m3.8 12.2 8.4-8.4"/>""",
        ["copy"] = """<rect x="5.5" y="5.5" width="8" height="8" rx="1"/><path d="M3 10.5h-.5v-8h8V3"/>""",
        ["download"] = """<path d="M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11"/>""",
        ["columns"] = """<path d="M2 3h12v10H2zM6 3v10M10 3v10"/>""",
        ["stop"] = """<rect x="4" y="4" width="8" height="8"/>""",
        ["start"] = """<path d="m5 3.5 7.5 4.5L5 12.5z"/>""",
        ["isolate"] = """<path d="M2 8h3.5M10.5 8H14M6.5 5v6M9.5 5v6"/>""",
        ["heal"] = """<path d="M2 8h12M6.5 5v6M9.5 5v6"/>""",
        ["retry"] = """<path d="M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3"/>""",
        ["up"] = """<path d="m4 10 4-4 4 4"/>""",
        ["down"] = """<path d="m4 6 4 4 4-4"/>""",
        ["transfer"] = """<path d="M2 5.5h11M10 2.5l3 3-3 3M14 11H3M6 8l-3 3 3 3"/>""",
        ["election"] = """<path d="M2 9h12v5H2zM5 9V2h6v7M6.5 5.3l1.2 1.2 2-2.4"/>""",
        ["events"] = """<path d="M2 8h2.5l2-5 3 10 2-5H14"/>""",
        ["document"] = """<path d="M4 1.5h5.5l3 3v10H4zM9.5 1.5v3h3M6 8h4.5M6 11h4.5"/>""",
        ["blob"] = """<path d="M2 2.5h5v5H2zM9 2.5h5v5H9zM2 9.5h5v4H2zM9 9.5h2.5v4H9z"/><path d="M3.5 5h2M10.5 5h2"/>""",
        ["replication"] = """<rect x="1.5" y="5" width="4.5" height="6"/><path d="M10.5 1.5h4v4h-4zM10.5 10.5h4v4h-4zM6 7l4.5-3M6 9l4.5 3"/>""",
        ["conflict"] = """<path d="M2 3.5h3l3 4.5-3 4.5H2M14 3.5h-3L8 8l3 4.5h3"/>""",
        ["pause"] = """<path d="M5.5 3v10M10.5 3v10"/>""",
        ["equal"] = """<path d="M3 6h10M3 10h10"/>""",
        ["plus"] = """<path d="M8 3v10M3 8h10"/>""",
        ["trash"] = """<path d="M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9M7 7v4M9 7v4"/>""",
        ["release"] = """<rect x="3" y="7" width="10" height="7" rx="1"/><path d="M5 7V5a3 3 0 0 1 5.8-1"/>""",
        ["language"] = """<circle cx="8" cy="8" r="6"/><path d="M2 8h12M8 2c3.2 3.6 3.2 8.4 0 12M8 2c-3.2 3.6-3.2 8.4 0 12"/>""",
        ["waiting"] = """<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.5 1.5"/>""",
    };

    /// <summary>A name without a drawing gets a question mark.</summary>
    public static string Markup(string name) => Drawings.GetValueOrDefault(name, Drawings["unknown"]);
}
