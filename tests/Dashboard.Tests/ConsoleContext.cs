using AngleSharp.Dom;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Quorate.Client;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests;

/// <summary>The console with a fake gateway behind it.</summary>
public abstract class ConsoleContext : BunitContext, IAsyncLifetime
{
    /// <summary>Longer than a tick and a coalescing interval on a busy machine.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>An assertion runs while the renderer waits for it, so that a wait inside one would never end.</summary>
    [ThreadStatic]
    private static bool t_asserting;

    private protected SettableClock Time { get; } = new();

    private protected FakeLiveFeed Feed { get; }

    /// <summary>The feed of views that follow something of their own.</summary>
    private protected FakeLiveFeed Bus { get; }

    private protected FakeGateway Gateway { get; } = new();

    protected ConsoleContext()
    {
        Feed = new FakeLiveFeed(Time);
        Bus = new FakeLiveFeed(Time);
        JSInterop.Mode = JSRuntimeMode.Loose;
        JSInterop.SetupModule("./_content/Quorate.Dashboard/dashboard.js").Mode = JSRuntimeMode.Loose;
        Services.AddLogging().AddOptions();
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddScoped<ILiveFeed>(_ => Feed);
        Services.AddScoped<Func<ILiveFeed>>(_ => () => Bus);
        Services.AddScoped(_ => Gateway.Client());
        Services.AddCircuitState();
        SetRendererInfo(new RendererInfo("Server", true));
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    /// <summary>The circuit's services end asynchronously, which xunit's plain dispose would not wait for.</summary>
    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    private protected LiveState Live => Services.GetRequiredService<LiveState>();

    private protected string Address => Services.GetRequiredService<NavigationManager>().Uri["http://localhost".Length..];

    /// <summary>Goes to an address and renders the page there, with live data flowing.</summary>
    private protected IRenderedComponent<TPage> Open<TPage>(string address)
        where TPage : IComponent
    {
        Live.Start();
        Services.GetRequiredService<Ticker>().Start();
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<TPage>();
    }

    /// <summary>Waits for an element with this test id; within <see cref="Eventually"/>, which waits itself, it must be there.</summary>
    private protected static IElement Find<T>(IRenderedComponent<T> page, string testId)
        where T : IComponent
    {
        var selector = $"[data-testid='{testId}']";
        return t_asserting ? page.Find(selector) : page.WaitForElement(selector, Patience);
    }

    private protected static IReadOnlyList<IElement> All<T>(IRenderedComponent<T> page, string testId)
        where T : IComponent => page.FindAll($"[data-testid='{testId}']");

    /// <summary>
    /// Does something to an element. It is looked for and acted on in one turn of the renderer: live data may draw the page again at any
    /// time, and an element from before has no handler any more. What the page does at once has been done on return.
    /// </summary>
    private protected static void Act<T>(IRenderedComponent<T> page, string testId, Action<IElement> act, Func<IElement, bool>? which = null)
        where T : IComponent
    {
        which ??= _ => true;
        page.WaitForState(() => All(page, testId).Any(which), Patience);
        page.InvokeAsync(() => act(All(page, testId).First(which))).GetAwaiter().GetResult();
    }

    private protected static void Press<T>(IRenderedComponent<T> page, string testId, Func<IElement, bool>? which = null)
        where T : IComponent => Act(page, testId, element => element.Click(), which);

    private protected static void Type<T>(IRenderedComponent<T> page, string testId, string text)
        where T : IComponent => Act(page, testId, input => input.Input(text));

    private protected static void Choose<T, TValue>(IRenderedComponent<T> page, string testId, TValue value)
        where T : IComponent => Act(page, testId, input => input.Change(value));

    /// <summary>Submits the form that an element is or has.</summary>
    private protected static void Submit<T>(IRenderedComponent<T> page, string testId)
        where T : IComponent => Act(page, testId, element => (element.Matches("form") ? element : element.QuerySelector("form"))!.Submit());

    private protected static void Eventually<T>(IRenderedComponent<T> page, Action assertion, TimeSpan? patience = null)
        where T : IComponent => page.WaitForAssertion(
            () =>
            {
                t_asserting = true;
                try
                {
                    assertion();
                }
                finally
                {
                    t_asserting = false;
                }
            },
            patience ?? Patience);

    private protected void ShowCluster(Contracts.Cluster.Topology topology) => Feed.Snapshot(Topics.Topology, topology);
}
