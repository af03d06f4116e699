using System.Reflection;
using Quorate.Core.StateMachine;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Gateway.Replication;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Where the documents of a request are read: in the region that it names, or in a follower's copy.</summary>
internal sealed record DocumentSource(IDocumentReader Reader) : IBindable<DocumentSource>
{
    public string? Follower => Reader.Follower;

    /// <exception cref="UnknownRegionException">The region is not served here.</exception>
    public static ValueTask<DocumentSource?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var reader = context.RequestServices.GetRequiredService<IDocumentReaders>().Find(RegionQuery.Read(context));
        return ValueTask.FromResult<DocumentSource?>(new DocumentSource(reader));
    }

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return RegionQuery.Doc;
    }

    public Task<T> ReadAsync<T>(Func<ClusterState, T> query, CancellationToken cancel) => Reader.ReadAsync(query, cancel);
}
