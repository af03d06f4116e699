namespace Quorate.Soak.Network;

/// <summary>A link for each ordered pair of nodes, and one from the gateway to each node.</summary>
internal sealed class Mesh : IDisposable
{
    public const string Gateway = "gateway";

    private readonly Dictionary<(string From, string To), Link> _links = [];

    /// <param name="ports">Where each node listens.</param>
    public Mesh(IReadOnlyDictionary<string, int> ports)
    {
        foreach (var (to, port) in ports)
        {
            foreach (var from in ports.Keys.Append(Gateway).Where(from => from != to))
            {
                _links[(from, to)] = new Link(from, to, port);
            }
        }
    }

    public Link this[string from, string to] => _links[(from, to)];

    /// <summary>The addresses under which a process finds the nodes, as <c>--peers</c> and <c>--members</c> take them.</summary>
    /// <param name="self">Of a node: its own port, which needs no link.</param>
    public string AddressesFor(string from, int? self = null)
    {
        var ways = _links.Values.Where(link => link.From == from).Select(link => (link.To, link.Port));
        return string.Join(',', (self is { } port ? ways.Append((from, port)) : ways).OrderBy(way => way.Item1).Select(way => $"{way.Item1}=127.0.0.1:{way.Item2}"));
    }

    public void Heal()
    {
        foreach (var link in _links.Values)
        {
            link.Heal();
        }
    }

    public void Dispose()
    {
        foreach (var link in _links.Values)
        {
            link.Dispose();
        }
    }
}
