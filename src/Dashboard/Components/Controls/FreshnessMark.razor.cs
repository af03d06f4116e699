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

        var stale = freshness.Kind == FreshnessKind.Stale;
        var age = now - at;
        var details = new List<string>();
        if (Live.Store.IndexOf(Topic) is { } index)
        {
            details.Add(Text["Freshness.Index", Format.Number(index)]);
        }

        if (stale || age >= Current)
        {
            details.Add(Text["Time.Ago", Format.Duration(age)]);
        }

        var state = Text[stale ? "Freshness.Stale" : "Freshness.Live"];
        return details.Count == 0 ? state : $"{state} · {string.Join(Text["Quorum.Comma"], details)}";
    }

    private void OnLiveChanged(LiveBatch batch) => OnTicked();
}
