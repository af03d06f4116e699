using Quorate.Gateway.Hosting;
using Quorate.Node.Replication;
using Quorate.Node.Storage;

namespace Quorate.Gateway.Replication;

/// <summary>Puts a follower together: its copy on disk, and what brings it changes and chunks over HTTP.</summary>
internal static class Followers
{
    /// <exception cref="StartupException">The data directory cannot be used.</exception>
    public static FollowerWorker Create(string id, string directory, HttpClient http, Func<Uri> gateway, ILogger logger)
    {
        try
        {
            var store = ReplicaStore.Open(directory, logger);
            var blobs = new FollowerBlobs(id, directory, store, new HttpChunkSource(http, gateway), logger);
            return new FollowerWorker(id, store, new HttpSyncSource(http, gateway, id, () => blobs.Missing), logger, blobs);
        }
        catch (StorageException error)
        {
            throw new StartupException(error.Message);
        }
    }
}
