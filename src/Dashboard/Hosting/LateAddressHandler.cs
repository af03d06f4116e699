namespace Quorate.Dashboard.Hosting;

/// <summary>Fills in the gateway's address when a request is sent: a page may be rendered before the host knows its own.</summary>
internal sealed class LateAddressHandler(Func<Uri> gatewayUrl, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    public static readonly Uri Placeholder = new("http://gateway.invalid");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = new Uri(gatewayUrl(), request.RequestUri!.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}
