namespace Quorate.Gateway.Hosting;

/// <summary>Where this gateway can be reached from its own process; known once it listens.</summary>
internal sealed class OwnAddress
{
    private Uri? _url;

    public Uri Url => _url ?? throw new InvalidOperationException("The gateway does not listen yet.");

    /// <param name="address">As the server reports it; wildcard hosts are replaced by loopback.</param>
    public void Set(string address)
    {
        var binding = BindingAddress.Parse(address);
        var host = binding.Host is "+" or "*" or "[::]" or "0.0.0.0" ? "127.0.0.1" : binding.Host;
        _url = new UriBuilder(binding.Scheme, host, binding.Port).Uri;
    }
}
