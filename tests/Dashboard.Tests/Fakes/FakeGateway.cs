using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Problems;

namespace Quorate.Dashboard.Tests.Fakes;

/// <summary>A gateway's REST API whose answers a test decides; remembers what it was asked.</summary>
internal sealed class FakeGateway : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, Func<HttpResponseMessage>> _answers = [];
    private readonly ConcurrentQueue<Request> _requests = [];

    /// <summary>What it was asked up to now, in order.</summary>
    public IReadOnlyList<Request> Requests => [.. _requests];

    public QuorateClient Client(string? token = null) => new(new HttpClient(this) { BaseAddress = new Uri("http://gateway.test") }, token);

    /// <param name="path">With the query, as it is sent.</param>
    public void Answer<T>(string method, string path, T body) =>
        _answers[$"{method} {path}"] = () => new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(body, options: ContractJson.Options) };

    /// <summary>What is answered when the test has said nothing else.</summary>
    public void AnswerUnlessAnswered<T>(string method, string path, T body)
    {
        if (!_answers.ContainsKey($"{method} {path}"))
        {
            Answer(method, path, body);
        }
    }

    public void Refuse(string method, string path, Problem problem) =>
        _answers[$"{method} {path}"] = () => new HttpResponseMessage((HttpStatusCode)problem.Status) { Content = JsonContent.Create(problem, options: ContractJson.Options) };

    public void AnswerText(string method, string path, HttpStatusCode status, string body) =>
        _answers[$"{method} {path}"] = () => new HttpResponseMessage(status) { Content = new StringContent(body) };

    public static Problem Problem(int status, string code) => new(null, null, status, $"It is {code}.", code, null, null);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        var asked = $"{request.Method} {request.RequestUri!.PathAndQuery}";
        _requests.Enqueue(new Request(asked, body, request.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value))));

        return _answers.TryGetValue(asked, out var answer)
            ? answer()
            : throw new HttpRequestException($"The test gave no answer to {asked}.");
    }

    internal sealed record Request(string Asked, string? Body, IReadOnlyDictionary<string, string> Headers);
}
