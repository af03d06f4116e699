using Quorate.Contracts.Kv;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Transactions;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>Checks the branches of a transaction and turns it into a command.</summary>
/// <remarks>Throws <see cref="InvalidArgumentException"/> for the first operation that is not valid, named by its place: <c>then[3]</c>.</remarks>
internal static class TransactionRequests
{
    public static Transaction ToCommand(IReadOnlyList<Condition> compare, IReadOnlyList<OperationBody> then, IReadOnlyList<OperationBody> otherwise, string region) =>
        new(compare, Branch(then, region), Branch(otherwise, region));

    private static Command[] Branch(IReadOnlyList<OperationBody> operations, string region)
    {
        var claims = new TransactionClaims();
        var commands = new Command[operations.Count];
        for (var i = 0; i < commands.Length; i++)
        {
            var body = operations[i];
            if (body.IfRevision is not null)
            {
                throw new InvalidArgumentException(body.Field("ifRevision"), $"'{body.Field("ifRevision")}' belongs in a batch: a transaction compares revisions in 'compare'.");
            }

            if (body.Op == OperationNames.Dequeue)
            {
                throw new InvalidArgumentException(body.Field("op"), $"'{body.Field("op")}' dequeue belongs in a batch: a transaction acks and gives back messages that were taken before.");
            }

            commands[i] = OperationRequests.ToCommand(body, region);
            if (claims.Add(commands[i]) is { } twice)
            {
                throw new InvalidArgumentException(
                    commands[i] is KvPut or KvDelete ? body.Field("key") : body.At, $"'{body.At}' changes {twice}, which an operation before it changes: a branch changes a thing once.");
            }
        }

        return commands;
    }
}
