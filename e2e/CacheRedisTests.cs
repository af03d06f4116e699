using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Quorate.EndToEnd;

/// <summary>A real redis-server behind the cache that dies and comes back: the page says so, and the cache goes on.</summary>
[Collection(OwnGatewayCollection.Name)]
public sealed class CacheRedisTests(Chromium browser) : IDisposable
{
    private const string Program = "redis-server";

    private readonly int _port = FreePort();
    private Process? _redis;

    public void Dispose()
    {
        _redis?.Kill();
        _redis?.Dispose();
    }

    [BrowserFact]
    public async Task Redis_diesAndComesBack_isAStripWithTheConsequence()
    {
        Start();
        await using var gateway = await Gateway.StartAsync("--demo", $"--ConnectionStrings:Redis=127.0.0.1:{_port}");
        await using var tab = await browser.OpenAsync(gateway, "/cache");
        await Expect(tab.TestId("cache-redis")).ToHaveAttributeAsync("data-state", "up");
        await gateway.Client.PutCachedAsync("e2e:anvil", JsonSerializer.SerializeToElement(new { price = 42 }));

        _redis!.Kill();

        await Expect(tab.TestId("cache-redis")).ToHaveAttributeAsync("data-state", "down");
        await Expect(tab.TestId("cache-redis")).ToHaveAttributeAsync("role", "alert");
        Assert.Equal(42, (await gateway.Client.GetCachedAsync("e2e:anvil")).Value.GetProperty("price").GetInt32());
        await ShootAsync(gateway);
        _redis.Dispose();
        Start();
        await Expect(tab.TestId("cache-redis")).ToHaveAttributeAsync("data-state", "up");
    }

    private async Task ShootAsync(Gateway gateway)
    {
        foreach (var look in new[] { Look.Light, Look.Dark, Look.Phone, Look.Chinese })
        {
            await using var tab = await browser.OpenAsync(gateway, "/cache", look);
            await Expect(tab.TestId("cache-redis")).ToHaveAttributeAsync("data-state", "down");
            await Expect(tab.TestId("cache-prefix").First).ToBeVisibleAsync();
            await tab.Page.ScreenshotAsync(new PageScreenshotOptions
            {
                Path = Path.Combine(Paths.Screenshots, $"cache-redis-down-{look.Name}.png"),
                Animations = ScreenshotAnimations.Disabled,
            });
            Assert.False(await tab.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), $"too wide in {look.Name}");
        }
    }

    private void Start()
    {
        _redis = Process.Start(new ProcessStartInfo(Program, ["--bind", "127.0.0.1", "--port", _port.ToString(), "--save", "", "--appendonly", "no"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _ = _redis.StandardOutput.ReadToEndAsync();
        _ = _redis.StandardError.ReadToEndAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
