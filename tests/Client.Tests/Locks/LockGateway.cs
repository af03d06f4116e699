using System.Net;
using System.Net.Http.Json;
using Quorate.Contracts;
using Quorate.Contracts.Locks;
using Quorate.Contracts.Problems;

namespace Quorate.Client.Tests.Locks;

/// <summary>A gateway that knows one lock, and a set of two. Each kind of request is answered as the test says, at the moment it says.</summary>
internal sealed class LockGateway : HttpMessageHandler
{
    public const long Token = 42;

    private static readonly string[] Set = ["back", "front"];

    private readonly List<HttpRequestMessage> _requests = [];

    /// <summary>What a request for the lock waits for before it is granted.</summary>
    public Func<Task> OnAcquire { get; set; } = () => Task.CompletedTask;

    /// <summary>What a renewal is answered: null is success.</summary>
    public Func<CancellationToken, Task<string?>> OnRenew { get; set; } = _ => Task.FromResult<string?>(null);

    /// <summary>The locks of a set that a renewal in one round finds lost.</summary>
    public IReadOnlyCollection<string> Lost { get; set; } = [];

    public QuorateClient Client => new(new HttpClient(this) { BaseAddress = new Uri("http://gateway.test") });

    public int Count(string action)
    {
        lock (_requests)
        {
            return _requests.Count(request => request.RequestUri!.AbsolutePath.EndsWith(action, StringComparison.Ordinal));
        }
    }

    public IReadOnlyList<HttpRequestMessage> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (_requests)
        {
            _requests.Add(request);
        }

        switch (request.RequestUri!.AbsolutePath.Split('/')[^1])
        {
            case "acquire":
                await OnAcquire();
                return Ok(new AcquireLockResponse("door", "me", "exclusive", Token, default, null, 1));
            case "renew":
                return await OnRenew(cancellationToken) is { } code ? Refused(code) : Ok(new RenewLockResponse("door", "me", Token, null));
            case "locks:acquire":
                await OnAcquire();
                return Ok(new AcquireLocksResponse("me", [.. Set.Select((name, i) => new AcquireLockResponse(name, "me", "exclusive", Token + i, default, null, 1))]));
            case "locks:renew":
                return await OnRenew(cancellationToken) is { } refusal
                    ? Refused(refusal)
                    : Ok(new HeldLocksResponse("me", [.. Set.Select(name => new HeldLockResult(name, !Lost.Contains(name)))]));
            case "locks:release":
                return Ok(new HeldLocksResponse("me", [.. Set.Select(name => new HeldLockResult(name, true, Remaining: 0))]));
            default:
                return Ok(new ReleaseLockResponse("door", "me", 0));
        }
    }

    private static HttpResponseMessage Ok<T>(T body) =>
        new(HttpStatusCode.OK) { Content = JsonContent.Create(body, options: ContractJson.Options) };

    private static HttpResponseMessage Refused(string code) => new(HttpStatusCode.Conflict)
    {
        Content = JsonContent.Create(new Problem(null, null, 409, $"It is {code}.", code, null, null), options: ContractJson.Options),
    };
}
