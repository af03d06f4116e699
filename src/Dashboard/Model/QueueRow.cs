using Quorate.Contracts.Queues;

namespace Quorate.Dashboard.Model;

/// <summary>One queue as a table row.</summary>
/// <param name="Consumers">Consumers that work, wait, or asked for messages a moment ago.</param>
/// <param name="Depths">Ready messages over the last minute.</param>
public sealed record QueueRow(
    string Name,
    QueueMood Mood,
    long Ready,
    long Delayed,
    long InFlight,
    long Dead,
    QueueRates Rates,
    DateTimeOffset? OldestEnqueuedAt,
    int Consumers,
    IReadOnlyList<Sample> Depths)
{
    /// <summary>Consumers that take a message now and then have nothing in flight most of the time.</summary>
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(30);

    public Severity Severity => QueueStory.SeverityOf(Mood, Dead);

    public static QueueRow Of(QueueView view, QueueTrail? trail, DateTimeOffset now)
    {
        var rates = trail?.Rates ?? view.Rates;
        return new QueueRow(
            view.Name,
            QueueStory.MoodOf(view, rates, trail?.Growth ?? 0, now),
            view.Ready,
            view.Delayed,
            view.InFlight,
            view.Dead,
            rates,
            view.OldestEnqueuedAt,
            ActiveConsumers(view, now),
            trail?.Depths ?? []);
    }

    public static int ActiveConsumers(QueueView view, DateTimeOffset now) =>
        view.Consumers.Count(consumer => consumer.InFlight > 0 || consumer.Waiting > 0 || now - consumer.LastSeen < Recently);

    /// <summary>Whether the name, or that of a consumer, contains the text.</summary>
    public static bool Matches(QueueView view, string? text) =>
        string.IsNullOrEmpty(text)
        || view.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
        || view.Consumers.Any(consumer => consumer.Name.Contains(text, StringComparison.OrdinalIgnoreCase));
}
