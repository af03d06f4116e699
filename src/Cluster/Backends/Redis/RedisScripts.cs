namespace Quorate.Backends.Redis;

internal static class RedisScripts
{
    public static string Set { get; } = Read("set.lua");

    public static string Delete { get; } = Read("delete.lua");

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(RedisScripts).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
