namespace Quorate.Backends.Redis;

internal static class RedisScripts
{
    public static string Set { get; } = Read("set.lua");

    public static string Delete { get; } = Read("delete.lua");

    public static string PutValue { get; } = Read("value-put.lua");

    public static string AcquireLock { get; } = Read("lock-acquire.lua");

    public static string RenewLock { get; } = Read("lock-renew.lua");

    public static string ReleaseLock { get; } = Read("lock-release.lua");

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(RedisScripts).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
