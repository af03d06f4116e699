using System.Reflection;
using Microsoft.OpenApi;
using Quorate.Contracts.Queues;
using Quorate.Core.StateMachine.Queues;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Which messages of a queue are looked at.</summary>
internal sealed record MessageStateQuery(MessageState Value) : IBindable<MessageStateQuery>
{
    private const string Field = "state";

    /// <exception cref="InvalidArgumentException">There is no such state.</exception>
    public static ValueTask<MessageStateQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var text = context.Request.Query[Field].ToString();
        var state = text.Length == 0 ? MessageState.Ready : QueueRequests.ToState(Field, text);
        return ValueTask.FromResult<MessageStateQuery?>(new MessageStateQuery(state));
    }

    public static IEnumerable<ParameterDoc> Describe(ParameterInfo parameter)
    {
        yield return new ParameterDoc(
            Field, ParameterLocation.Query, $"{string.Join(", ", MessageStates.All)}; default {MessageStates.Ready}. Ready messages come in order of delivery, others by id.");
    }
}
