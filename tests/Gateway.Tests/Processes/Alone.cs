namespace Quorate.Gateway.Tests.Processes;

/// <summary>Tests that keep every core busy and would make their neighbours miss their deadlines run by themselves, after the others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
