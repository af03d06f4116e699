namespace Quorate.Gateway.Problems;

internal static partial class ProblemLog
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "{Method} {Path} failed unexpectedly")]
    public static partial void Unexpected(ILogger logger, string method, string path, Exception error);
}
