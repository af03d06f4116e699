using Microsoft.AspNetCore.Http;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Hosting;

/// <summary>What an operator chose, kept in cookies that <c>dashboard.js</c> writes.</summary>
internal static class Preferences
{
    public const string ThemeCookie = "quorate-theme";
    public const string LanguageCookie = "quorate-language";
    public const string TimeZoneCookie = "quorate-time-zone";

    /// <summary>The chosen theme; null follows the operating system.</summary>
    public static string? Theme(HttpRequest request) =>
        request.Cookies[ThemeCookie] is "light" or "dark" ? request.Cookies[ThemeCookie] : null;

    /// <summary>The chosen language, or the first one of Accept-Language that the console speaks.</summary>
    public static string Language(HttpRequest request)
    {
        if (request.Cookies[LanguageCookie] is Text.English or Text.Chinese)
        {
            return request.Cookies[LanguageCookie]!;
        }

        var spoken = request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.Value?.Split('-')[0].ToLowerInvariant())
            .FirstOrDefault(language => language is Text.English or Text.Chinese);
        return spoken ?? Text.English;
    }

    public static string? TimeZone(HttpRequest request) => request.Cookies[TimeZoneCookie];
}
