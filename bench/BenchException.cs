namespace Quorate.Bench;

/// <summary>Something that makes a measurement impossible; the message is for the reader of the report.</summary>
internal sealed class BenchException(string message) : Exception(message);
