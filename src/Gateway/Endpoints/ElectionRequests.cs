using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Quorate.Contracts.Elections;
using Quorate.Core.StateMachine.Elections;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>Checks the bodies of election requests and turns them into commands.</summary>
/// <remarks>Each throws <see cref="InvalidArgumentException"/> for the first member that is not valid.</remarks>
internal static class ElectionRequests
{
    private const long DefaultTtlMs = 30_000;
    private const long MinTtlMs = 100;
    private const long MaxTtlMs = 86_400_000;
    private const long MaxWaitMs = 600_000;

    /// <summary>Bytes of a candidate's value: terms keep it, a hundred of each election.</summary>
    private const int MaxValueBytes = 4096;

    private const string Candidate = "candidate";

    public static ElectionCampaign ToCommand(string name, CampaignRequest request)
    {
        var candidate = Names.Require(Candidate, request.Candidate);
        var value = Value(request.Value);
        var ttl = Durations.Require("ttlMs", request.TtlMs, MinTtlMs, MaxTtlMs);
        long? session = request.SessionId is { } id ? SessionIds.Parse(id) : null;
        return new ElectionCampaign(name, candidate, value, ttl ?? (session is null ? DefaultTtlMs : null), session);
    }

    public static TimeSpan WaitOf(CampaignRequest request) =>
        TimeSpan.FromMilliseconds(Durations.Require("waitMs", request.WaitMs, 0, MaxWaitMs) ?? 0);

    public static ElectionRenew ToCommand(string name, RenewTermRequest request) =>
        new(name, Names.Require(Candidate, request.Candidate), RequireToken(request.FencingToken));

    public static ElectionProclaim ToCommand(string name, ProclaimRequest request) =>
        new(name, Names.Require(Candidate, request.Candidate), RequireToken(request.FencingToken), Value(request.Value));

    public static ElectionResign ToCommand(string name, ResignRequest request) =>
        new(name, Names.Require(Candidate, request.Candidate), request.FencingToken is { } token ? RequireToken(token) : null);

    private static byte[] Value(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            return [];
        }

        return RequireSize("value", JsonBody.Checked(JsonMarshal.GetRawUtf8Value(value), "value"));
    }

    /// <summary>The value of a candidate, when it is not too large.</summary>
    public static byte[] RequireSize(string field, byte[] value) => value.Length <= MaxValueBytes
        ? value
        : throw new InvalidArgumentException(
            field, string.Create(CultureInfo.InvariantCulture, $"'{field}' may have at most {MaxValueBytes} bytes of JSON, but has {value.Length}."));

    private static long RequireToken(long? token) => token switch
    {
        null => throw new InvalidArgumentException("fencingToken", "'fencingToken' is required: the one that campaign answered."),
        <= 0 => throw new InvalidArgumentException("fencingToken", "'fencingToken' must be positive."),
        { } value => value,
    };
}
