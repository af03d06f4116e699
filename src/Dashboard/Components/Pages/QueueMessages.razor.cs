using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Queues;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Messages of one state, looked at without consuming them, and what an operator may do with them.</summary>
public partial class QueueMessages(QuorateClient client, NavigationManager navigation, Curl curl, Text text, TimeProvider time) : IDisposable
{
    private const int PageSize = 50;

    /// <summary>The first page is read again at most so often while the queue moves.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private IReadOnlyList<QueueMessageView> _messages = [];
    private Throttle? _throttle;
    private QueueView? _seen;
    private string? _cursor;
    private string? _failure;
    private DateTimeOffset? _readAt;
    private bool _loaded;
    private bool _loading;
    private (MessageAct Kind, long? Id)? _act;

    [Parameter, EditorRequired]
    public required QueueView View { get; set; }

    /// <summary>One of <see cref="MessageStates"/>.</summary>
    [Parameter, EditorRequired]
    public required string State { get; set; }

    /// <summary>The message whose panel is open.</summary>
    [Parameter, EditorRequired]
    public long? Message { get; set; }

    private Text Text => text;

    private bool CanRequeue => State is MessageStates.Delayed or MessageStates.InFlight;

    private QueueMessageView? Chosen => Message is { } id ? _messages.FirstOrDefault(message => message.Id == id) : null;

    private long Count => State switch
    {
        MessageStates.Ready => View.Ready,
        MessageStates.Delayed => View.Delayed,
        MessageStates.InFlight => View.InFlight,
        _ => View.Dead,
    };

    /// <summary>What was read a moment ago may be more than there is now, so the two are set against each other only while there is more to read.</summary>
    private long? Total => _cursor is null ? null : Math.Max(Count, _messages.Count);

    private string Example => State == MessageStates.InFlight
        ? curl.Write("POST", $"{Routes.Queue(View.Name)}/dequeue", """{"max":1,"consumer":"worker-1"}""")
        : curl.Write("POST", $"{Routes.Queue(View.Name)}/messages", State == MessageStates.Delayed
            ? """{"messages":[{"body":{"order":17},"delayMs":60000}]}"""
            : """{"messages":[{"body":{"order":17},"priority":5}]}""");

    public void Dispose() => _throttle?.Dispose();

    protected override void OnParametersSet()
    {
        // A second page would move under the reader: only the first follows the queue.
        if (RendererInfo.IsInteractive && !ReferenceEquals(_seen, View) && _messages.Count <= PageSize)
        {
            _seen = View;
            _throttle ??= new Throttle(time, Interval, _ => InvokeAsync(ReadFirstAsync));
            _ = _throttle.AskAsync();
        }
    }

    private Task ReadFirstAsync() => ReadAsync(null);

    private Task ReadMoreAsync() => ReadAsync(_cursor);

    private async Task ReadAsync(string? cursor)
    {
        (_loading, _failure) = (true, null);
        try
        {
            var page = await client.BrowseQueueAsync(View.Name, State, PageSize, cursor);
            _messages = cursor is null ? page.Items : [.. _messages, .. page.Items];
            (_cursor, _loaded, _readAt) = (page.NextCursor, true, time.GetUtcNow());
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
        finally
        {
            _loading = false;
            StateHasChanged();
        }
    }

    private void Act(MessageAct kind, long? id = null) => _act = (kind, id);

    private async Task DoneAsync()
    {
        _act = null;
        await ReadFirstAsync();
    }

    private void Open(long? id) => navigation.NavigateTo(Addresses.Queue(View.Name, State, id));
}
