using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Quorate.Contracts;

namespace Quorate.Dashboard.Hosting;

/// <summary>Writes the command that does the same as a button, ready to paste into a POSIX shell.</summary>
public sealed class Curl(NavigationManager navigation, IOptions<DashboardOptions> options)
{
    /// <summary>Where the operator's browser and shell reach the gateway.</summary>
    public Uri Address(string path) => new(options.Value.PublicUrl() ?? new Uri(navigation.BaseUri), path);

    public string Get(string path) => Write("GET", path);

    public string Write(string method, string path, string? body = null, string? reason = null, long? ifRevision = null)
    {
        var address = Address(path);
        var command = new StringBuilder("curl");
        if (method != "GET")
        {
            command.Append(" -X ").Append(method);
        }

        command.Append(' ').Append(Quote(address.AbsoluteUri));
        if (ifRevision is { } revision)
        {
            command.Append(" -H ").Append(Quote($"If-Match: {revision}"));
        }

        if (!string.IsNullOrWhiteSpace(reason))
        {
            command.Append(" -H ").Append(Quote($"{Headers.Reason}: {reason}"));
        }

        if (body is not null)
        {
            command.Append(" -H ").Append(Quote("Content-Type: application/json")).Append(" -d ").Append(Quote(body));
        }

        return command.ToString();
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
