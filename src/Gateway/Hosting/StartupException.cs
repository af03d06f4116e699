namespace Quorate.Gateway.Hosting;

/// <summary>The gateway cannot start as configured. Each line says what is wrong, with which setting, and what to do; exit code 2.</summary>
public sealed class StartupException(params IEnumerable<string> lines) : Exception(string.Join(Environment.NewLine, lines));
