using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Quorate.Gateway.OpenApi;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>A handler's parameter that reads itself from the request, and says for OpenAPI what it reads.</summary>
internal interface IBindable<TSelf> : IBindableFromHttpContext<TSelf>, IEndpointParameterMetadataProvider
    where TSelf : class, IBindable<TSelf>
{
    static abstract IEnumerable<ParameterDoc> Describe(ParameterInfo parameter);

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        foreach (var doc in TSelf.Describe(parameter))
        {
            builder.Metadata.Add(doc);
        }
    }
}
