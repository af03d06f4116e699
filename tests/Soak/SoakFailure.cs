namespace Quorate.Soak;

/// <summary>Something that must hold did not. The message says what, and where.</summary>
internal sealed class SoakFailure(string message) : Exception(message);
