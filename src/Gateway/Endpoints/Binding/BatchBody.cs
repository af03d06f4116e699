using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Quorate.Contracts.Kv;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>A <see cref="BatchRequest"/> read straight from the request's pipe.</summary>
internal sealed record BatchBody(IReadOnlyList<Command> Commands) : IBindableFromHttpContext<BatchBody>, IEndpointParameterMetadataProvider
{
    /// <exception cref="BadHttpRequestException">The body is not JSON, or an operation is not valid; the field names it.</exception>
    public static async ValueTask<BatchBody?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var region = RegionQuery.Require(context).Id;
        return await JsonBody.ParseAsync(context, (in ReadOnlySequence<byte> body) => new BatchBody(Parse(body, region)));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(BatchRequest)));

    private static List<Command> Parse(in ReadOnlySequence<byte> body, string region)
    {
        var reader = new Utf8JsonReader(body);
        JsonBody.ReadObjectStart(ref reader);

        IReadOnlyList<OperationBody> operations = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("operations"u8))
            {
                operations = OperationBody.ReadAll(ref reader, body, "operations", Batch.MaxCommands, Count);
            }
            else
            {
                reader.Skip();
            }
        }

        // Nothing may follow the object: one more read finds the end, or throws.
        reader.Read();
        return operations.Count > 0 ? [.. operations.Select(operation => OperationRequests.ToCommand(operation, region))] : throw Count();
    }

    private static InvalidArgumentException Count() => new("operations", $"A batch has 1 to {Batch.MaxCommands} operations.");
}
