using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Events;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>The routing rules, edited as a whole and saved only over what was read.</summary>
public partial class EventRoutingEditor(QuorateClient client, Curl curl, Text text)
{
    private List<Draft>? _rules;
    private IReadOnlyList<EventRule> _read = [];
    private long _version;
    private bool _saving;
    private string? _failure;

    private Text Text => text;

    private Curl Curl => curl;

    private IReadOnlyList<EventRule> Rules => [.. _rules!.Select(rule => rule.ToRule())];

    private bool Dirty => _rules is not null && !Rules.SequenceEqual(_read);

    private bool CanSave => Dirty && _rules!.TrueForAll(rule => rule.IsComplete);

    private string Body => JsonSerializer.Serialize(new RouteEventsRequest(Rules), ContractJson.Options);

    protected override Task OnInitializedAsync() => RendererInfo.IsInteractive ? ReadAsync() : Task.CompletedTask;

    private async Task ReadAsync()
    {
        try
        {
            Take(await client.GetEventRoutingAsync());
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
    }

    private async Task SaveAsync(string? reason)
    {
        Take(await client.PutEventRoutingAsync(Rules, _version, reason));
        _saving = false;
        StateHasChanged();
    }

    private void Take(EventRoutingView routing)
    {
        (_version, _read, _failure) = (routing.Version, routing.Rules, null);
        _rules = [.. routing.Rules.Select(Draft.Of)];
    }

    private void Move(int place) => (_rules![place - 1], _rules[place]) = (_rules[place], _rules[place - 1]);

    private sealed class Draft
    {
        public string Pattern { get; set; } = "";

        public string Action { get; set; } = EventRuleActions.Forward;

        public string Target { get; set; } = "";

        public bool IsComplete => Pattern.Length > 0 && (Action == EventRuleActions.Drop || Target.Length > 0);

        public static Draft Of(EventRule rule) => new() { Pattern = rule.Pattern, Action = rule.Action, Target = rule.Target ?? "" };

        public EventRule ToRule() => new(Pattern.Trim(), Action, Action == EventRuleActions.Drop ? null : Target.Trim());
    }
}
