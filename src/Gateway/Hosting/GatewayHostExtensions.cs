using System.Net;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Quorate.Gateway.Hosting;

internal static class GatewayHostExtensions
{
    private const string DefaultUrl = "http://localhost:5080";

    /// <summary>Makes the builder: settings beside the program and in the working directory, quiet logs, the configured listeners.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var local = Path.Combine(Environment.CurrentDirectory, "appsettings.json");
        if (File.Exists(local) && Path.GetFullPath(Environment.CurrentDirectory) != Path.GetFullPath(AppContext.BaseDirectory).TrimEnd('/'))
        {
            // Below environment and command line, above the file shipped with the program.
            var sources = builder.Configuration.Sources;
            sources.Insert(Math.Min(1, sources.Count), new Microsoft.Extensions.Configuration.Json.JsonConfigurationSource
            {
                FileProvider = new Microsoft.Extensions.FileProviders.PhysicalFileProvider(Environment.CurrentDirectory),
                Path = "appsettings.json",
                Optional = true,
            });
        }

        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss.fff ";
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddDataProtection().SetApplicationName("quorate").PersistKeysToFileSystem(
            new DirectoryInfo(Path.Combine(Path.GetFullPath(builder.Configuration["Cluster:DataDirectory"] ?? "./data"), "keys")));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(3));
        Listen(builder);
        return builder;
    }

    /// <summary>Where this gateway can be reached from its own process; to be asked only once it listens.</summary>
    public static Func<Uri> AddOwnAddress(this WebApplicationBuilder builder)
    {
        var address = new OwnAddress();
        builder.Services.AddSingleton(address);
        return () => address.Url;
    }

    private static void Listen(WebApplicationBuilder builder)
    {
        var urls = Split(builder.Configuration["urls"] is { Length: > 0 } configured ? configured : DefaultUrl);
        var http2 = Split(builder.Configuration["Gateway:Http2Urls"] ?? "");
        foreach (var url in urls.Concat(http2))
        {
            if (!IsLoopback(url))
            {
                throw new StartupException(
                    $"{url} is not a loopback address: without authentication the gateway listens on this machine only (localhost, 127.0.0.1 or [::1]).");
            }
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (var url in http2)
            {
                Bind(kestrel, url, options => options.Protocols = HttpProtocols.Http2);
            }

            if (http2.Length > 0)
            {
                // Naming one listener here replaces the configured addresses, so all are named.
                foreach (var url in urls)
                {
                    Bind(kestrel, url, _ => { });
                }
            }
        });
        builder.WebHost.UseUrls(urls);
    }

    private static void Bind(KestrelServerOptions kestrel, string url, Action<ListenOptions> configure)
    {
        var address = BindingAddress.Parse(url);
        if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip))
        {
            kestrel.Listen(ip, address.Port, configure);
        }
        else
        {
            kestrel.ListenLocalhost(address.Port, configure);
        }
    }

    private static string[] Split(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsLoopback(string url) =>
        !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.IsLoopback;
}
