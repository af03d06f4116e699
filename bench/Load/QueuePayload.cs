namespace Quorate.Bench.Load;

/// <summary>The body of every message.</summary>
internal static class QueuePayload
{
    public const int Bytes = 128;

    /// <summary>A JSON text, which is what a body is in Quorate; for others it is bytes.</summary>
    public static readonly string Json = $"\"{Workload.Value[..(Bytes - 2)]}\"";
}
