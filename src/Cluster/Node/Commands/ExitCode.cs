namespace Quorate.Node.Commands;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Fine = 0;

    /// <summary>Something is broken: a disk, a file, the state.</summary>
    public const int Fault = 1;

    /// <summary>What was asked for cannot be done as it was asked for.</summary>
    public const int Configuration = 2;
}
