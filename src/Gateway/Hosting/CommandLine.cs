namespace Quorate.Gateway.Hosting;

/// <summary>Short options of the command line, translated to configuration keys.</summary>
public static class CommandLine
{
    public const string Help = """
        Quorate gateway: REST, live feed and console, by default with a three-node cluster inside.

        Usage: dotnet run --project src/Gateway -- [options]

          --urls URL[;URL]                        where to listen (default http://localhost:5080)
          --data DIR                              all durable data (default ./data)
          --nodes N                               nodes inside this process, 1 to 9 (default 3)
          --members n1=HOST:PORT,n2=HOST:PORT     use nodes run elsewhere instead
          --followers f1,f2                       read replicas inside this process, each with its own copy on disk
          --follow URL --follower ID              be a read replica of the gateway at URL instead of a gateway
          --regions eu,us,ap                      several regions inside this process, each with a cluster of its own
          --demo                                  run a labelled sample workload
          --help                                  this text

        Any setting can also be given as --Section:Key VALUE, in appsettings.json, or as an environment
        variable with __ for the colons:

          Cluster:HeartbeatMs                     milliseconds between heartbeats, 10 to 10000 (default 50)
          Cluster:ElectionTimeoutMs               range in milliseconds, at least four heartbeats (default 250-500)
          Cluster:Secret                          shared by nodes and gateways, 8 characters or more
          Gateway:MaxPayloadBytes                 largest request body, 1024 to 67108864 (default 1048576)
          Gateway:Http2Urls                       extra listener for HTTP/2 without TLS, API and hub only
          ConnectionStrings:Redis                 HOST:PORT of a Redis behind the cache (default none)
          Cache:LocalBytes                        the gateway's own layer of the cache (default 67108864)
          Cache:StalenessMs                       how old an answer from that layer may be, 0 to 60000 (default 1000)
          Cache:RedisTimeoutMs                    the longest that one request waits for Redis (default 100)
          Regions:NodesPerRegion                  nodes of each region inside this process, 1 to 9 (default 1)
          Regions:Self, Regions:Listen            the region of this process, and where the others reach it
          Regions:Peers                           eu=http://HOST:PORT,us=http://HOST:PORT
          Regions:Coordinator                     the region whose cluster passes changes on
          Regions:Secret, Regions:Tls:*           what regions prove themselves with, and encrypt with
          Environment:Name, Environment:Color     badge of this environment (default local, #3b82f6)
          Laboratory:Enabled                      stop and isolate nodes over the API (default: with embedded nodes only)
        """;

    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["--data"] = "--Cluster:DataDirectory",
        ["--nodes"] = "--Cluster:Embedded:Nodes",
        ["--members"] = "--Cluster:Members",
        ["--followers"] = "--Replication:Followers",
        ["--follow"] = "--Replication:Follow",
        ["--follower"] = "--Replication:Follower",
        ["--regions"] = "--Regions:Embedded",
    };

    public static bool AsksForHelp(string[] args) => args.Any(arg => arg is "--help" or "-h" or "-?");

    /// <exception cref="StartupException">An option is not known, or lacks its value.</exception>
    public static string[] Translate(string[] args)
    {
        var translated = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] && args[i].StartsWith("--", StringComparison.Ordinal)
                ? (left, right)
                : (args[i], null);
            if (name == "--demo")
            {
                translated.Add($"--Demo:Enabled={value ?? "true"}");
                continue;
            }

            if (!name.StartsWith("--", StringComparison.Ordinal) || !(Short.ContainsKey(name) || name == "--urls" || name.Contains(':') || IsHostOption(name)))
            {
                throw new StartupException($"'{args[i]}' is not an option. See --help.");
            }

            if (value is null && i + 1 == args.Length)
            {
                throw new StartupException($"{name} needs a value. See --help.");
            }

            translated.Add(Short.GetValueOrDefault(name, name));
            translated.Add(value ?? args[++i]);
        }

        return [.. translated];
    }

    private static bool IsHostOption(string name) => name is "--environment" or "--contentRoot" or "--applicationName" or "--webroot";
}
