using Quorate.Soak.Network;
using Quorate.Soak.Processes;

namespace Quorate.Soak;

/// <summary>Three node processes and a gateway process on loopback, with everything between them that can be disturbed.</summary>
internal sealed class SoakCluster : IDisposable
{
    private const string SmallDiskNode = "n3";

    private readonly string _directory;

    public SoakCluster(string directory)
    {
        _directory = directory;
        string[] ids = ["n1", "n2", SmallDiskNode];
        var ports = Ports.Free(ids.Length + 1);
        var portOf = ids.Zip(ports).ToDictionary(pair => pair.First, pair => pair.Second);
        Address = new Uri($"http://127.0.0.1:{ports[^1]}");
        Links = new Mesh(portOf);
        Disk = SmallDisk.TryMount(Path.Combine(directory, "small-disk"));
        Nodes = [.. ids.Select(id => new NodeServer(
            id, portOf[id], DataOf(id), Links.AddressesFor(id, portOf[id]), Path.Combine(directory, $"{id}.log")))];
        Gateway = new GatewayServer(Address, Links.AddressesFor(Mesh.Gateway), directory);
    }

    /// <summary>Where the gateway listens.</summary>
    public Uri Address { get; }

    public IReadOnlyList<NodeServer> Nodes { get; }

    public GatewayServer Gateway { get; }

    public Mesh Links { get; }

    /// <summary>What <see cref="NodeOnSmallDisk"/> keeps its data on; null where nothing can be mounted.</summary>
    public SmallDisk? Disk { get; }

    public NodeServer NodeOnSmallDisk => this[SmallDiskNode];

    public NodeServer this[string id] => Nodes.Single(node => node.Id == id);

    /// <summary>Ends every fault: afterwards all processes run, all links pass and the disk has space.</summary>
    public void Heal()
    {
        Disk?.Free();
        Links.Heal();
        foreach (var node in Nodes)
        {
            if (node.IsPaused)
            {
                node.Resume();
            }

            if (!node.IsRunning)
            {
                node.Start();
            }
        }

        if (!Gateway.IsRunning)
        {
            Gateway.Start();
        }
    }

    /// <exception cref="SoakFailure">A process has ended that nobody ended.</exception>
    public void EnsureRuns()
    {
        foreach (var node in Nodes)
        {
            node.EnsureRuns();
        }

        Gateway.EnsureRuns();
    }

    /// <summary>Ends all processes and moves what is on the small disk to where it stays.</summary>
    public void StopAndKeepData()
    {
        StopProcesses();
        if (Disk is not null)
        {
            Disk.Free();
            CopyDirectory(DataOf(SmallDiskNode), Path.Combine(_directory, SmallDiskNode));
        }
    }

    public void Dispose()
    {
        StopProcesses();
        Links.Dispose();
        Disk?.Dispose();
    }

    private string DataOf(string id) => id == SmallDiskNode && Disk is not null
        ? Path.Combine(Disk.Directory, "data")
        : Path.Combine(_directory, id);

    private void StopProcesses()
    {
        Gateway.Dispose();
        foreach (var node in Nodes)
        {
            node.Dispose();
        }
    }

    private static void CopyDirectory(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
