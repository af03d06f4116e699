using Quorate.Core;
using Quorate.Core.Replication.Regions;
using Quorate.Simulation.Cli;

if (args is [CheckHistoryCommand.Name, ..])
{
    return CheckHistoryCommand.Run(args.AsSpan(1), Console.Out, Console.Error);
}

try
{
    var arguments = new Arguments(args, ["--seeds", "--from", "--parallel", "--seed", "--trace", "--mutation", "--regions", "--mistake"]);
    var (from, parallel) = (arguments.Number("--from", 1), (int)arguments.Number("--parallel", Environment.ProcessorCount));
    if (arguments.Has("--regions"))
    {
        var mistake = arguments.Choice("--mistake", Mistake.None);
        return arguments.Has("--seed")
            ? RegionsCommand.RunOne(arguments.Number("--seed", 1), arguments.Has("--trace"), mistake, Console.Out)
            : RegionsCommand.RunMany(arguments.Number("--seeds", 100), from, parallel, mistake, Console.Out);
    }

    if (arguments.Has("--seed"))
    {
        return SeedCommand.Run(arguments.Number("--seed", 1), arguments.Has("--trace"), arguments.Choice("--mutation", Mutation.None), Console.Out);
    }

    if (arguments.Has("--seeds"))
    {
        return SeedsCommand.Run(arguments.Number("--seeds", 1), from, parallel, arguments.Choice("--mutation", Mutation.None), Console.Out);
    }
}
catch (FormatException wrong)
{
    Console.Error.WriteLine(wrong.Message);
}

Console.Error.WriteLine($"usage: {SeedsCommand.Usage}");
Console.Error.WriteLine($"       {SeedCommand.Usage}");
Console.Error.WriteLine($"       {RegionsCommand.Usage}");
Console.Error.WriteLine($"       {CheckHistoryCommand.Usage}");
return ExitCodes.Usage;
