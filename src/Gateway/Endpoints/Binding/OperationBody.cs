using System.Buffers;
using System.Text.Json;
using Quorate.Core.StateMachine.Queues;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>A <see cref="Contracts.Kv.Operation"/> read straight from the request's pipe: values stay the bytes that the client sent.</summary>
/// <param name="at">Where it stands in the body: <c>then[3]</c>.</param>
internal sealed class OperationBody(string at)
{
    public string At => at;

    public string? Op { get; private set; }

    public string? Key { get; private set; }

    public byte[]? Value { get; private set; }

    public long? TtlMs { get; private set; }

    public long? IfRevision { get; private set; }

    public string? Collection { get; private set; }

    public string? Rev { get; private set; }

    public string? Cache { get; private set; }

    public string? Queue { get; private set; }

    public List<NewMessage>? Messages { get; private set; }

    public List<string?>? Receipts { get; private set; }

    public long? DelayMs { get; private set; }

    public long? Max { get; private set; }

    public long? VisibilityMs { get; private set; }

    public string? Consumer { get; private set; }

    public string? Lock { get; private set; }

    public string? Owner { get; private set; }

    public long? FencingToken { get; private set; }

    public string? Election { get; private set; }

    public string? Candidate { get; private set; }

    public string? Topic { get; private set; }

    public byte[]? Payload { get; private set; }

    /// <summary>Reads the array of operations that follows a property name.</summary>
    /// <param name="max">Operations that there may be; one more is an error.</param>
    public static List<OperationBody> ReadAll(ref Utf8JsonReader reader, in ReadOnlySequence<byte> body, string field, int max, Func<InvalidArgumentException> tooMany)
    {
        var operations = new List<OperationBody>();
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return operations;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new InvalidArgumentException(field, $"'{field}' must be an array.");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (operations.Count >= max)
            {
                throw tooMany();
            }

            var operation = new OperationBody($"{field}[{operations.Count}]");
            operation.Read(ref reader, body);
            operations.Add(operation);
        }

        return operations;
    }

    /// <summary>The place of a member, for messages.</summary>
    public string Field(string member) => $"{at}.{member}";

    private void Read(ref Utf8JsonReader reader, in ReadOnlySequence<byte> body)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new InvalidArgumentException(at, $"'{at}' must be an object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember(JsonBody.Text(ref reader, at), ref reader, body);
        }
    }

    private void ReadMember(string member, ref Utf8JsonReader reader, in ReadOnlySequence<byte> body)
    {
        switch (member)
        {
            case "op":
                Op = JsonBody.ReadText(ref reader, Field(member));
                break;
            case "key":
                Key = JsonBody.ReadText(ref reader, Field(member));
                break;
            case "value":
                Value = JsonBody.ReadValue(ref reader, body, Field(member));
                break;
            case "ttlMs":
                TtlMs = JsonBody.ReadInteger(ref reader, Field(member));
                break;
            case "ifRevision":
                IfRevision = JsonBody.ReadInteger(ref reader, Field(member));
                break;
            case "collection":
                Collection = JsonBody.ReadText(ref reader, Field(member));
                break;
            case "rev":
                Rev = JsonBody.ReadText(ref reader, Field(member));
                break;
            case "cache":
                Cache = JsonBody.ReadText(ref reader, Field(member));
                break;
            case "queue":
                Queue = JsonBody.ReadText(ref reader, Field(member));
                break;
            case "messages":
                Messages = ReadMessages(ref reader, body);
                break;
            case "receipts":
                Receipts = ReadReceipts(ref reader);
                break;
            case "delayMs":
                DelayMs = JsonBody.ReadInteger(ref reader, Field(member));
                break;
            case "max":
                Max = JsonBody.ReadInteger(ref reader, Field(member));
                break;
            case "visibilityMs":
                VisibilityMs = JsonBody.ReadInteger(ref reader, Field(member));
                break;
            case "consumer":
                Consumer = JsonBody.ReadText(ref reader, Field(member));
                break;
            case "lock":
                Lock = JsonBody.ReadText(ref reader, Field(member));
                break;
            case "owner":
                Owner = JsonBody.ReadText(ref reader, Field(member));
                break;
            case "fencingToken":
                FencingToken = JsonBody.ReadInteger(ref reader, Field(member));
                break;
            case "election":
                Election = JsonBody.ReadText(ref reader, Field(member));
                break;
            case "candidate":
                Candidate = JsonBody.ReadText(ref reader, Field(member));
                break;
            case "topic":
                Topic = JsonBody.ReadText(ref reader, Field(member));
                break;
            case "payload":
                Payload = JsonBody.ReadValue(ref reader, body, Field(member));
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private List<NewMessage>? ReadMessages(ref Utf8JsonReader reader, in ReadOnlySequence<byte> body)
    {
        var ahead = reader;
        ahead.Read();
        if (ahead.TokenType == JsonTokenType.Null)
        {
            reader = ahead;
            return null;
        }

        var messages = new List<NewMessage>();
        EnqueueBody.ReadMessages(ref reader, body, Field("messages"), messages);
        return messages;
    }

    private List<string?>? ReadReceipts(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new InvalidArgumentException(Field("receipts"), $"'{Field("receipts")}' must be an array.");
        }

        var receipts = new List<string?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null) || receipts.Count > QueueRequests.MaxItems)
            {
                throw new InvalidArgumentException(Field("receipts"), $"'{Field("receipts")}' must have 1 to {QueueRequests.MaxItems} texts.");
            }

            receipts.Add(reader.TokenType == JsonTokenType.Null ? null : JsonBody.Text(ref reader, Field("receipts")));
        }

        return receipts;
    }
}
