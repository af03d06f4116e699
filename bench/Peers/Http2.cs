using System.Net;

namespace Quorate.Bench.Peers;

internal static class Http2
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>A client that speaks HTTP/2 without TLS from the first byte.</summary>
    public static HttpClient Client(Uri address) => new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true, UseProxy = false })
    {
        BaseAddress = address,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = Timeout,
    };
}
