using Microsoft.AspNetCore.Components;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Controls;

/// <summary>How fresh the data beside it is: where in the log they stand, and age.</summary>
public partial class FreshnessMark
{
    /// <summary>Data younger than this is called current; counting its seconds would only flicker.</summary>
    public static readonly TimeSpan Current = TimeSpan.FromSeconds(5);

    [Inject]
    private LiveState Live { get; set; } = default!;

    [Parameter, EditorRequired]
    public required string Topic { get; set; }

    private string Kind => Live.Freshness(Topic).Kind.ToString().ToLowerInvariant();

    private string Explanation
    {
        get
        {
            var freshness = Live.Freshness(Topic);
            return freshness.ChangedAt is { } at
                ? Text["Freshness.Explanation", Topic, freshness.Version, Clock.Absolute(at)]
                : Text["Freshness.Waiting"];
        }
    }

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Live.Changed += OnLiveChanged;
    }

    protected override void Disposing() => Live.Changed -= OnLiveChanged;

    protected override string Say(DateTimeOffset now)
    {
        var freshness = Live.Freshness(Topic);
        if (freshness.ChangedAt is not { } at)
        {
            return Text["Freshness.Waiting"];
        }

        var age = now - at;
        var words = (freshness.Kind, age < Current) switch
        {
            (FreshnessKind.Stale, _) => Text["Freshness.Stale", Format.Duration(age)],
            (_, true) => Text["Freshness.Live"],
            _ => Text["Freshness.Unchanged", Format.Duration(age)],
        };
        return Live.Store.IndexOf(Topic) is { } index ? Text["Freshness.AtIndex", words, Format.Number(index)] : words;
    }

    private void OnLiveChanged(LiveBatch batch) => OnTicked();
}
