namespace Quorate.Contracts;

/// <summary>Paths of the public REST API, version 1, and of the live hub. Names and keys are URL-encoded path segments.</summary>
public static class Routes
{
    public const string Live = "/healthz/live";
    public const string Ready = "/healthz/ready";
    public const string Metrics = "/metrics";
    public const string OpenApi = "/openapi/v1.json";
    public const string Hub = "/hubs/live";

    public const string Api = "/api/v1";
    public const string Cluster = Api + "/cluster";
    public const string Leaders = Cluster + "/leaders";
    public const string Beliefs = Cluster + "/beliefs";
    public const string Leadership = Cluster + "/leadership";
    public const string Election = Cluster + "/election";
    public const string Members = Cluster + "/members";
    public const string Consistency = Cluster + "/consistency";
    public const string Backup = Cluster + "/backup";
    public const string Sessions = Api + "/sessions";
    public const string Locks = Api + "/locks";
    public const string WaitGraph = Api + "/locks:wait-graph";
    public const string Queues = Api + "/queues";
    public const string AcquireLocks = Api + "/locks:acquire";
    public const string RenewLocks = Api + "/locks:renew";
    public const string ReleaseLocks = Api + "/locks:release";
    public const string Cache = Api + "/cache";
    public const string CacheStats = Api + "/cache:stats";
    public const string Kv = Api + "/kv";
    public const string Batch = Api + "/batch";
    public const string Transactions = Api + "/txn";
    public const string Elections = Api + "/elections";
    public const string Events = Api + "/events";
    public const string EventStatistics = Api + "/events:statistics";
    public const string EventRouting = Api + "/events:routing";
    public const string State = Api + "/state";
    public const string Collections = Api + "/collections";
    public const string Blobs = Api + "/blobs";
    public const string BlobTransfers = Api + "/blobs:transfers";
    public const string Sync = "/_api/cluster/sync";
    public const string SyncStatus = Sync + "/status";
    public const string SyncTrigger = Sync + "/trigger";
    public const string SyncRetention = Sync + "/retention";
    public const string SyncLog = Sync + "/log";
    public const string SyncSnapshot = Sync + "/snapshot";
    public const string Followers = Sync + "/followers";
    public const string Chunks = Sync + "/chunks";
    public const string HasChunks = Chunks + ":has";
    public const string Regions = Api + "/regions";
    public const string Conflicts = Api + "/conflicts";
    public const string ResolveConflicts = Api + "/conflicts:resolve";
    public const string Laboratory = Api + "/lab";

    public static string Member(string id) => $"{Members}/{Segment(id)}";

    public static string Lock(string name) => $"{Locks}/{Segment(name)}";

    public static string Queue(string name) => $"{Queues}/{Segment(name)}";

    public static string LockHistory(string name) => $"{Lock(name)}/history";

    public static string Key(string key) => $"{Kv}/{Segment(key)}";

    public static string KeyHistory(string key) => $"{Key(key)}/history";

    public static string CacheKey(string key) => $"{Cache}/{Segment(key)}";

    public static string ElectionOf(string name) => $"{Elections}/{Segment(name)}";

    public static string EventsOf(string topic) => $"{Events}/{Segment(topic)}";

    public static string StateOf(string topic) => $"{State}/{Segment(topic)}";

    public static string Collection(string name) => $"{Collections}/{Segment(name)}";

    public static string Documents(string collection) => $"{Collection(collection)}/docs";

    public static string Document(string collection, string key) => $"{Documents(collection)}/{Segment(key)}";

    public static string Blob(string id) => $"{Blobs}/{Segment(id)}";

    public static string BlobUpload(string id) => $"{Blob(id)}/upload";

    public static string Follower(string id) => $"{Followers}/{Segment(id)}";

    public static string RegionQueue(string region) => $"{Regions}/{Segment(region)}/queue";

    /// <summary>Changes that wait for an operator are tried again.</summary>
    public static string RetryRegionQueue(string region) => $"{RegionQueue(region)}/retry";

    /// <summary>Brakes of a region: deletions that wait for an operator.</summary>
    public static string RegionBrakes(string region) => $"{Regions}/{Segment(region)}/brakes";

    public static string RegionBrake(string region, string collection) => $"{RegionBrakes(region)}/{Segment(collection)}";

    public static string Conflict(string id) => $"{Conflicts}/{Segment(id)}";

    public static string LaboratoryLink(string from, string to, string action) => $"{Laboratory}/links/{Segment(from)}/{Segment(to)}/{action}";

    public static string Session(string id) => $"{Sessions}/{Segment(id)}";

    public static string LaboratoryNode(string id, string action) => $"{Laboratory}/nodes/{Segment(id)}/{action}";

    /// <summary>Encodes one path segment; every character that is not unreserved is escaped, <c>/</c> included.</summary>
    public static string Segment(string value) => Uri.EscapeDataString(value);
}
