using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Core.StateMachine.Transactions;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>A <see cref="TransactionRequest"/> read straight from the request's pipe.</summary>
internal sealed record TransactionBody(Transaction Command) : IBindableFromHttpContext<TransactionBody>, IEndpointParameterMetadataProvider
{
    /// <exception cref="BadHttpRequestException">The body is not JSON, or a condition or an operation is not valid; the field names it.</exception>
    public static async ValueTask<TransactionBody?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var region = RegionQuery.Require(context).Id;
        return await JsonBody.ParseAsync(context, (in ReadOnlySequence<byte> body) => new TransactionBody(Parse(body, region)));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(TransactionRequest)));

    private static Transaction Parse(in ReadOnlySequence<byte> body, string region)
    {
        var reader = new Utf8JsonReader(body);
        JsonBody.ReadObjectStart(ref reader);

        var compare = new List<Condition>();
        List<OperationBody> then = [], otherwise = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("compare"u8))
            {
                ReadConditions(ref reader, compare);
            }
            else if (reader.ValueTextEquals("then"u8))
            {
                then = ReadBranch(ref reader, body, "then");
            }
            else if (reader.ValueTextEquals("else"u8))
            {
                otherwise = ReadBranch(ref reader, body, "else");
            }
            else
            {
                reader.Skip();
            }
        }

        // Nothing may follow the object: one more read finds the end, or throws.
        reader.Read();
        return compare.Count + then.Count + otherwise.Count <= Transaction.MaxOperations
            ? TransactionRequests.ToCommand(compare, then, otherwise, region)
            : throw TooMany("then");
    }

    private static List<OperationBody> ReadBranch(ref Utf8JsonReader reader, in ReadOnlySequence<byte> body, string branch) =>
        OperationBody.ReadAll(ref reader, body, branch, Transaction.MaxOperations, () => TooMany(branch));

    private static void ReadConditions(ref Utf8JsonReader reader, List<Condition> conditions)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new InvalidArgumentException("compare", "'compare' must be an array.");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            conditions.Add(conditions.Count < Transaction.MaxOperations ? ReadCondition(ref reader, $"compare[{conditions.Count}]") : throw TooMany("compare"));
        }
    }

    private static Condition ReadCondition(ref Utf8JsonReader reader, string at)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new InvalidArgumentException(at, $"'{at}' must be an object.");
        }

        try
        {
            return ConditionRequests.ToCondition(at, JsonSerializer.Deserialize<TransactionCompare>(ref reader, ContractJson.Options)!);
        }
        catch (JsonException error) when (error.InnerException is not JsonException && error.Path is ['$', '.', .. var member])
        {
            throw new InvalidArgumentException($"{at}.{member}", $"The value of '{at}.{member}' is of the wrong type or out of range.");
        }
    }

    private static InvalidArgumentException TooMany(string field) =>
        new(field, $"A transaction has at most {Transaction.MaxOperations} conditions and operations together.");
}
