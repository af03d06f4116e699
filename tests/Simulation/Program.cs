using Quorate.Core;
using Quorate.Simulation.Cli;

if (args is [CheckHistoryCommand.Name, ..])
{
    return CheckHistoryCommand.Run(args.AsSpan(1), Console.Out, Console.Error);
}

try
{
    var arguments = new Arguments(args, ["--seeds", "--from", "--parallel", "--seed", "--trace", "--mutation"]);
    if (arguments.Has("--seed"))
    {
        return SeedCommand.Run(arguments.Number("--seed", 1), arguments.Has("--trace"), arguments.Choice("--mutation", Mutation.None), Console.Out);
    }

    if (arguments.Has("--seeds"))
    {
        return SeedsCommand.Run(
            arguments.Number("--seeds", 1), arguments.Number("--from", 1), (int)arguments.Number("--parallel", Environment.ProcessorCount),
            arguments.Choice("--mutation", Mutation.None), Console.Out);
    }
}
catch (FormatException wrong)
{
    Console.Error.WriteLine(wrong.Message);
}

Console.Error.WriteLine($"usage: {SeedsCommand.Usage}");
Console.Error.WriteLine($"       {SeedCommand.Usage}");
Console.Error.WriteLine($"       {CheckHistoryCommand.Usage}");
return ExitCodes.Usage;
