using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Quorate.Gateway.Tests.Hosting;

/// <summary>Sends requests exactly as written: nothing in a path is normalised, and a body is whatever text the test says.</summary>
public sealed class ApiClient(Uri address) : IDisposable
{
    private static readonly UriCreationOptions Literal = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Delete, path, null, headers);

    public Task<Answer> PutAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, path, Json(json), headers);

    public Task<Answer> PostAsync(string path, string? json = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, json is null ? null : Json(json), headers);

    public Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, body, headers, CancellationToken.None);

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, HttpContent? body, (string Name, string Value)[] headers, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(address.GetLeftPart(UriPartial.Authority) + path, Literal)) { Content = body };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await _http.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        return new Answer(response.StatusCode, response.Headers, response.Content.Headers, text);
    }

    public void Dispose() => _http.Dispose();

    public static HttpContent Json(string text) => new StringContent(text, Encoding.UTF8, "application/json");

    public static HttpContent Json(byte[] text) =>
        new ByteArrayContent(text) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}

public sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, string Text)
{
    private JsonElement? _json;

    public JsonElement Json => _json ??= JsonElement.Parse(Text);

    public JsonElement this[string member] => Json.GetProperty(member);

    /// <summary>Expects success, and answers the body.</summary>
    public Answer Ok(HttpStatusCode status = HttpStatusCode.OK)
    {
        Assert.True(Status == status, $"Expected {status}, but was {Status}: {Text}");
        return this;
    }

    /// <summary>Expects problem details with everything that they must have.</summary>
    public Answer Problem(HttpStatusCode status, string code, string? field = null)
    {
        Assert.True(Status == status, $"Expected {status}, but was {Status}: {Text}");
        Assert.Equal("application/problem+json", ContentHeaders.ContentType?.MediaType);
        Assert.Equal(code, this["code"].GetString());
        Assert.Equal((int)status, this["status"].GetInt32());
        Assert.Equal(field, Json.TryGetProperty("field", out var named) ? named.GetString() : null);
        Assert.Equal($"urn:quorate:problem:{code}", this["type"].GetString());
        foreach (var member in (string[])["title", "detail", "traceId"])
        {
            Assert.False(string.IsNullOrEmpty(this[member].GetString()), member);
        }

        return this;
    }
}
