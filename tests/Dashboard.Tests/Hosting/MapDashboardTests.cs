using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Quorate.Dashboard.Tests.Hosting;

/// <summary>The console as a host serves it, in Production and from a build.</summary>
public sealed class MapDashboardTests : IAsyncLifetime
{
    private WebApplication _app = default!;
    private HttpClient _http = default!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(MapDashboardTests).Assembly.GetName().Name,
            EnvironmentName = "Production",
        });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDashboard(options => options.GatewayUrl = () => new Uri(_app.Urls.First()));
        _app = builder.Build();
        _app.MapFallback(() => "fallback");
        _app.MapDashboard();
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("/_framework/blazor.web.js", "text/javascript")]
    [InlineData("/_content/Quorate.Dashboard/dashboard.js", "text/javascript")]
    [InlineData("/_content/Quorate.Dashboard/dashboard.css", "text/css")]
    [InlineData("/_content/Quorate.Dashboard/Quorate.Dashboard.bundle.scp.css", "text/css")]
    public async Task Asset_Asked_IsServedAndRevalidated(string path, string mediaType)
    {
        using var answer = await _http.GetAsync(path);

        Assert.Equal((HttpStatusCode.OK, mediaType), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.True((await answer.Content.ReadAsByteArrayAsync()).Length > 1000);

        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        using var unchanged = await _http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/topology")]
    [InlineData("/locks?lock=a%2Fb")]
    [InlineData("/kv?prefix=app%2F")]
    public async Task Page_Asked_ComesWithTheFrameBeforeAnyData(string path)
    {
        var page = await _http.GetStringAsync(path);

        Assert.Contains("data-testid=\"frame\"", page);
        Assert.Contains("data-testid=\"quorum-sentence\"", page);
        Assert.Contains("_framework/blazor.web.js", page);
    }

    [Theory]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", null, "lang=\"zh\"")]
    [InlineData("de,en;q=0.8", null, "lang=\"en\"")]
    [InlineData("zh", "quorate-language=en", "lang=\"en\"")]
    [InlineData("en", "quorate-theme=dark", "data-theme=\"dark\"")]
    public async Task Page_Preferences_AreThereInTheFirstPaint(string accepted, string? cookie, string expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Accept-Language", accepted);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        using var answer = await _http.SendAsync(request);

        Assert.Contains(expected, await answer.Content.ReadAsStringAsync());
    }
}
