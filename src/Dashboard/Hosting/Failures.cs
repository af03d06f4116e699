using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Hosting;

/// <summary>What a request to the gateway can end with, in words for an operator.</summary>
internal static class Failures
{
    public static bool IsExpected(Exception exception) =>
        exception is QuorateException or HttpRequestException or TaskCanceledException or JsonException or InvalidOperationException;

    public static string Describe(Exception exception, Text text) => exception switch
    {
        QuorateException { Code: ErrorCodes.NoQuorum } => text["Failure.NoQuorum"],
        QuorateException { Code: ErrorCodes.NodeIdRetired } => text["Failure.NodeIdRetired"],
        QuorateException { Code: ErrorCodes.NodeExists } => text["Failure.NodeExists"],
        QuorateException { Code: ErrorCodes.UnsafeChange } unsafeChange => text["Failure.UnsafeChange", unsafeChange.Message],
        QuorateException { Code: ErrorCodes.TransferFailed } failed => text["Failure.TransferFailed", failed.Message],
        QuorateException problem => text["Failure.Problem", problem.Message, problem.Code],
        TaskCanceledException => text["Failure.Timeout"],
        HttpRequestException unreachable => text["Failure.Unreachable", unreachable.Message],
        _ => text["Failure.Other", exception.Message],
    };
}
