using Quorate.Client;
using Quorate.Contracts.Cluster;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Compares the state of the nodes when asked to.</summary>
public partial class ConsistencySection(QuorateClient client, Curl curl, Clock clock, Text text)
{
    /// <summary>Characters of a hash that are shown; the whole is in the tooltip and on the clipboard.</summary>
    private const int ShortHash = 16;

    private ConsistencyReport? _report;
    private DateTimeOffset _checkedAt;
    private string? _failure;
    private bool _working;

    private Text Text => text;

    private Curl Curl => curl;

    private Clock Clock => clock;

    private static Severity SeverityOf(ConsistencyReport report) => report.Consistent switch
    {
        false => Severity.Critical,
        true when report.Nodes.All(node => node.Hash is not null) => Severity.Healthy,
        true => Severity.Warning,
        null => Severity.Unknown,
    };

    private string Verdict(ConsistencyReport report) => report.Consistent switch
    {
        false => text["Consistency.Differ"],
        true when report.Nodes.All(node => node.Hash is not null) => text["Consistency.Equal"],
        true => text["Consistency.SomeEqual", report.Nodes.Count(node => node.Hash is not null), report.Nodes.Count],
        null => text["Consistency.TooFew"],
    };

    private async Task CheckAsync()
    {
        (_working, _failure) = (true, null);
        try
        {
            _report = await client.CheckConsistencyAsync();
            _checkedAt = clock.Now;
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            (_report, _failure) = (null, Failures.Describe(exception, text));
        }
        finally
        {
            _working = false;
        }
    }
}
