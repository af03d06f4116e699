using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components;

/// <summary>The document. Theme, language and time zone come from the request, so that the first paint is right already.</summary>
public partial class App(Text text)
{
    private string _language = Text.English;
    private string? _theme;
    private string? _timeZone;

    [CascadingParameter]
    private HttpContext? Context { get; set; }

    protected override void OnInitialized()
    {
        if (Context?.Request is { } request)
        {
            _language = Preferences.Language(request);
            _theme = Preferences.Theme(request);
            _timeZone = Preferences.TimeZone(request);
        }

        text.Language = _language;
    }
}
