using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts.Locks;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>A lock's fence and its flight recorder; also of a lock that is gone, for as long as the cluster remembers it.</summary>
public partial class LockHistorySection(QuorateClient client, Clock clock, Text text)
{
    private LockHistoryView? _history;
    private string? _failure;
    private bool _unknown;
    private (string, LockView?)? _read;

    [Parameter, EditorRequired]
    public required string Name { get; set; }

    /// <summary>The lock as it is now: another one means that something has happened.</summary>
    [Parameter, EditorRequired]
    public LockView? View { get; set; }

    private Text Text => text;

    private Clock Clock => clock;

    protected override async Task OnParametersSetAsync()
    {
        if (_read is var (name, view) && name == Name && ReferenceEquals(view, View))
        {
            return;
        }

        if (_read?.Item1 != Name)
        {
            (_history, _unknown) = (null, false);
        }

        var asked = _read = (Name, View);
        try
        {
            var history = await client.GetLockHistoryAsync(Name);
            if (_read == asked)
            {
                (_history, _failure) = (history, null);
            }
        }
        catch (QuorateException gone) when (gone.Code == ErrorCodes.LockNotFound)
        {
            (_history, _failure, _unknown) = (null, null, true);
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
    }

    private static string Tone(string what) => what switch
    {
        LockTransitions.Granted or LockTransitions.Renewed => "healthy",
        LockTransitions.Waiting => "info",
        LockTransitions.Expired or LockTransitions.Forced or LockTransitions.Refused or LockTransitions.GaveUp => "warning",
        LockTransitions.Deadlock or LockTransitions.StaleToken => "critical",
        _ => "unknown",
    };

    private static string IconOf(string what) => what switch
    {
        LockTransitions.Granted => "lock",
        LockTransitions.Renewed => "retry",
        LockTransitions.Waiting => "waiting",
        LockTransitions.Released or LockTransitions.Forced => "release",
        LockTransitions.Deadlock or LockTransitions.StaleToken => "critical",
        LockTransitions.Expired or LockTransitions.Refused or LockTransitions.GaveUp => "warning",
        _ => "close",
    };
}
