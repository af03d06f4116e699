namespace Quorate.Bench;

/// <summary>What is going on, on standard error; standard output carries the report alone.</summary>
internal static class Progress
{
    public static void Say(string line) => Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {line}");
}
