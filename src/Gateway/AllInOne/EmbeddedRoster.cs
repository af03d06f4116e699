using System.Text;
using Quorate.Gateway.Hosting;
using Quorate.Node.Storage;

namespace Quorate.Gateway.AllInOne;

/// <summary>
/// Which nodes belong to a data directory. The founders are written down before the first node starts, and hold from then on whatever is
/// asked for later: a cluster is founded once. Nodes that joined have a directory, nodes that left have one that says so.
/// </summary>
internal sealed class EmbeddedRoster
{
    private const string FoundersFile = "founders";
    private const string LeftPrefix = "left-";

    private readonly string _directory;

    private EmbeddedRoster(string directory, IReadOnlyList<string> founders)
    {
        _directory = directory;
        Founders = founders;
        var left = Names(LeftPrefix).Select(name => name[LeftPrefix.Length..]);
        var joined = Names("").Where(name => Directory.Exists(Path.Combine(directory, name, "log")) && !name.StartsWith(LeftPrefix, StringComparison.Ordinal));
        Nodes = [.. founders.Union(joined).Except(left).Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Founders { get; }

    /// <summary>The nodes to run, founders and joined ones, without those that left.</summary>
    public IReadOnlyList<string> Nodes { get; }

    /// <param name="count">Nodes to found a new cluster with.</param>
    /// <exception cref="StartupException">The directory cannot be read or written.</exception>
    public static EmbeddedRoster Open(string directory, int count)
    {
        try
        {
            DurableFile.CreateDirectory(directory);
            var file = Path.Combine(directory, FoundersFile);
            if (!File.Exists(file))
            {
                var ids = Enumerable.Range(1, count).Select(number => $"n{number}");
                DurableFile.Replace(file, Encoding.UTF8.GetBytes(string.Join('\n', ids)));
            }

            return new EmbeddedRoster(directory, File.ReadAllLines(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Cluster:DataDirectory {directory} cannot be used: {error.Message.TrimEnd('.')}. Check its path, owner and permissions.");
        }
    }

    /// <summary>Remembers that a node left. What it knew is kept.</summary>
    public void Leave(string id) => Directory.Move(Path.Combine(_directory, id), Path.Combine(_directory, LeftPrefix + id));

    private IEnumerable<string> Names(string prefix) =>
        Directory.EnumerateDirectories(_directory, prefix + "*").Select(path => Path.GetFileName(path)!);
}
