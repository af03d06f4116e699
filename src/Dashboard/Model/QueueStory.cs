using Quorate.Contracts.Queues;

namespace Quorate.Dashboard.Model;

/// <summary>What a queue is doing.</summary>
public enum QueueMood
{
    /// <summary>Nothing comes and nothing goes.</summary>
    Idle,

    /// <summary>As much is acked as comes in.</summary>
    Flowing,

    /// <summary>More becomes ready than is taken.</summary>
    Growing,

    /// <summary>Messages wait and nobody takes them.</summary>
    Stuck,

    /// <summary>It refuses, or drops, what does not fit.</summary>
    Full,
}

/// <summary>Why a queue is as it is, for somebody who has five seconds.</summary>
public static class QueueStory
{
    /// <summary>Messages that wait for so long with nobody taking them need attention.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Rates differ all the time; growth is what is more than this part of what comes in.</summary>
    private const double Noise = 0.1;

    /// <param name="growth">Of the ready messages, per second. What is delayed does not count: its time has not come.</param>
    public static QueueMood MoodOf(QueueView view, QueueRates rates, double growth, DateTimeOffset now)
    {
        var limit = view.Configuration.MaxLength;
        if (limit is { } most && view.Ready + view.Delayed >= most)
        {
            return QueueMood.Full;
        }

        if (view.Ready > 0 && rates.Delivered <= 0 && now - view.OldestEnqueuedAt >= Patience)
        {
            return QueueMood.Stuck;
        }

        if (view.Ready > 0 && growth > rates.Enqueued * Noise)
        {
            return QueueMood.Growing;
        }

        return rates.Enqueued > 0 || rates.Acked > 0 || rates.Delivered > 0 ? QueueMood.Flowing : QueueMood.Idle;
    }

    /// <summary>Resource key of the sentence; what it says must not contradict the figures in it.</summary>
    public static string SentenceOf(QueueView view, QueueRates rates, double growth, QueueMood mood) => mood switch
    {
        QueueMood.Full => $"Queue.Story.Full.{view.Configuration.Overflow}",
        QueueMood.Growing when rates.Enqueued <= rates.Delivered => "Queue.Story.Returning",
        QueueMood.Flowing when view.Ready > 0 && growth < -Noise * rates.Enqueued => "Queue.Story.Shrinking",
        _ => $"Queue.Story.{mood}",
    };

    public static Severity SeverityOf(QueueMood mood, long dead) => mood switch
    {
        QueueMood.Stuck or QueueMood.Full => Severity.Warning,
        _ when dead > 0 => Severity.Warning,
        QueueMood.Growing => Severity.Info,
        QueueMood.Flowing => Severity.Healthy,
        _ => Severity.Unknown,
    };
}
