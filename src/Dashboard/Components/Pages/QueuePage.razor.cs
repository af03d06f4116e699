using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts.Live;
using Quorate.Contracts.Queues;
using Quorate.Dashboard.Components.Controls;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>One queue: why it is as it is, its last five minutes, its messages, its consumers, how it behaves.</summary>
public partial class QueuePage(QuorateClient client, NavigationManager navigation, Ticker ticker, Curl curl)
{
    public const string ConsumersView = "consumers";
    public const string ConfigurationView = "configuration";

    private readonly QueueCharts _charts = new();
    private QueueTrail? _trail;
    private string? _shown;
    private IReadOnlyList<Series> _depths = [];
    private IReadOnlyList<Series> _rates = [];
    private IReadOnlyList<ChartMark> _elections = [];
    private Ask _asking;

    private enum Ask
    {
        Nothing,
        Publish,
        Change,
        Delete,
    }

    [SupplyParameterFromQuery(Name = "queue")]
    private string? Name { get; set; }

    [SupplyParameterFromQuery(Name = "view")]
    private string? ViewName { get; set; }

    [SupplyParameterFromQuery(Name = "message")]
    private long? Message { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Queues, Topics.Leaders];

    private Curl Curl => curl;

    private QueueView? View => Name is null ? null : Store.Queues.GetValueOrDefault(Name);

    private string Current => ViewName is { } view && (MessageStates.All.Contains(view) || view is ConsumersView or ConfigurationView) ? view : MessageStates.Ready;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        ticker.Ticked += OnTicked;
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Name && Name is not null && RendererInfo.IsInteractive)
        {
            (_shown, _trail) = (Name, null);
            await SeedAsync(Name);
        }
    }

    protected override void Disposing() => ticker.Ticked -= OnTicked;

    private async Task SeedAsync(string name)
    {
        _charts.Seed([]);
        try
        {
            _charts.Seed((await client.GetQueueHistoryAsync(name)).Samples);
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            // The charts begin now instead; what is wrong with the gateway the banner says.
        }

        Draw();
    }

    private void OnTicked() => _ = InvokeAsync(() =>
    {
        if (Live.IsLive && View is { } view)
        {
            if (_trail is null)
            {
                _trail = new QueueTrail(view, ticker.Now);
            }
            else
            {
                _trail.Add(view, ticker.Now);
            }

            _charts.Add(view, _trail.Rates, ticker.Now);
            Draw();
            StateHasChanged();
        }
    });

    private void Draw()
    {
        _depths =
        [
            .. _charts.ByPriority().Select(line => new Series(
                Text["Queue.Priority", line.Priority], $"readyByPriority[{line.Priority}]", $"p{line.Priority}", Count, line.Depths)),
        ];
        _rates =
        [
            new Series(Text["Queue.In"], "enqueued", "", Format.PerSecond, _charts.Line(sample => sample.Rates.Enqueued)),
            new Series(Text["Queue.DeliveredRate"], "delivered", "third", Format.PerSecond, _charts.Line(sample => sample.Rates.Delivered)),
            new Series(Text["Queue.Acked"], "acked", "second", Format.PerSecond, _charts.Line(sample => sample.Rates.Acked)),
        ];
        _elections = [.. Store.Terms.Select(term => new ChartMark(term.From, Text["Overview.ElectionMark", term.Leader, term.Term]))];
    }

    private QueueRates Rates(QueueView view) => _trail?.Rates ?? view.Rates;

    private double Growth(QueueView view) => _trail?.Growth ?? view.Rates.Enqueued - view.Rates.Delivered;

    private QueueMood Mood(QueueView view) => QueueStory.MoodOf(view, Rates(view), Growth(view), ticker.Now);

    private string Story(QueueView view)
    {
        var (rates, growth, mood) = (Rates(view), Growth(view), Mood(view));
        var sentence = QueueStory.SentenceOf(view, rates, growth, mood);
        return mood switch
        {
            QueueMood.Full => Text[sentence, Format.Number(view.Ready + view.Delayed)],
            QueueMood.Stuck => Text[sentence, Format.Number(view.Ready), Format.Duration(ticker.Now - view.OldestEnqueuedAt)],
            QueueMood.Growing or QueueMood.Flowing => Text[
                sentence, Format.PerSecond(rates.Enqueued), Format.PerSecond(rates.Delivered), QueueRow.ActiveConsumers(view, ticker.Now), Format.PerSecond(Math.Abs(growth))],
            _ => view.Waiting > 0 ? Text.Count("Queue.Story.Waiting", view.Waiting) : Text[sentence],
        };
    }

    private IEnumerable<Choice> Views(QueueView view)
    {
        (string Id, string Title, long Count)[] views =
        [
            (MessageStates.Ready, Text["Queue.Ready"], view.Ready),
            (MessageStates.Delayed, Text["Queue.Delayed"], view.Delayed),
            (MessageStates.InFlight, Text["Queue.InFlight"], view.InFlight),
            (MessageStates.Dead, Text["Queue.Dead"], view.Dead),
            (ConsumersView, Text["Queue.Consumers"], view.Consumers.Count),
        ];
        return views.Select(each => new Choice(each.Id, $"{each.Title} {Format.Number(each.Count)}", Addresses.Queue(view.Name, each.Id)))
            .Append(new Choice(ConfigurationView, Text["Queue.Configuration"], Addresses.Queue(view.Name, ConfigurationView)));
    }

    private void Done() => _asking = Ask.Nothing;

    private async Task DeleteAsync(string? reason)
    {
        await client.DeleteQueueAsync(Name!, reason);
        navigation.NavigateTo(Addresses.Queues);
    }

    private static string Count(double? value) => Format.Number(value);
}
