namespace Quorate.Node.Storage;

/// <summary>Tells what an <see cref="IOException"/> of the operating system is about.</summary>
public static class DiskErrors
{
    private const int NoSpace = 28;
    private const int QuotaExceededLinux = 122;
    private const int QuotaExceededMac = 69;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    public static bool IsDiskFull(Exception exception) => exception is IOException && (OperatingSystem.IsWindows()
        ? exception.HResult is WindowsDiskFull or WindowsHandleDiskFull
        : exception.HResult is NoSpace || exception.HResult == (OperatingSystem.IsMacOS() ? QuotaExceededMac : QuotaExceededLinux));

    /// <summary>As the operating system reports a full disk.</summary>
    public static IOException DiskFull(string path) =>
        new($"No space left on device : '{path}'", OperatingSystem.IsWindows() ? WindowsDiskFull : NoSpace);
}
