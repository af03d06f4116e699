using Quorate.Contracts.Problems;

namespace Quorate.Client;

/// <summary>The gateway answered with an error. Branch on <see cref="Code"/>, never on the text.</summary>
public sealed class QuorateException(Problem problem) : Exception(Describe(problem))
{
    public Problem Problem { get; } = problem;

    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public string Code => Problem.Code;

    private static string Describe(Problem problem) => problem.Detail ?? problem.Title ?? problem.Code;
}
