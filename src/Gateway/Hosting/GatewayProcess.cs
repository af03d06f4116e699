using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Quorate.Gateway.Regions;
using Quorate.Node.Access;

namespace Quorate.Gateway.Hosting;

/// <summary>Runs the gateway as a process: one clear line and exit code 2 for what the user can mend, exit code 0 after Ctrl+C.</summary>
internal static class GatewayProcess
{
    private const int ConfigurationError = 2;

    private static readonly TimeSpan FirstLeaderWait = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string[] args, Func<string[], WebApplication> build)
    {
        if (CommandLine.AsksForHelp(args))
        {
            Console.Out.WriteLine(CommandLine.Help);
            return 0;
        }

        try
        {
            await using var app = build(CommandLine.Translate(args));
            await StartAsync(app);
            Console.Out.WriteLine(Banner.Text(
                app.Services.GetRequiredService<RegionSet>(),
                app.Urls,
                app.Configuration.GetValue<bool>("Demo:Enabled")));
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (StartupException error)
        {
            Console.Error.WriteLine(error.Message);
            return ConfigurationError;
        }
    }

    private static async Task StartAsync(WebApplication app)
    {
        app.Services.GetRequiredService<RegionSet>().Start();
        try
        {
            await app.StartAsync();
        }
        catch (IOException error)
        {
            throw new StartupException($"{error.Message.TrimEnd('.')}. Stop what listens there, or choose another address with --urls.");
        }

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        app.Services.GetRequiredService<OwnAddress>().Set(addresses.First());

        // The banner promises a page that works.
        var cluster = app.Services.GetRequiredService<ClusterClient>();
        for (var waited = TimeSpan.Zero; cluster.Leader is null && waited < FirstLeaderWait; waited += TimeSpan.FromMilliseconds(20))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
