namespace Quorate.Bench.Report;

/// <summary>What an earlier distributed synchronization system stated of itself. Measured by others, elsewhere: to be read beside our figures, not compared.</summary>
internal static class Reference
{
    public const double LockP95Ms = 8.67;
    public const int OperationsPerSecond = 237;
    public const int MessagesPerSecond = 1200;
    public const int CacheHitRatePercent = 73;
}
