using Quorate.Simulation.Cli;

return args is [CheckHistoryCommand.Name, ..]
    ? CheckHistoryCommand.Run(args.AsSpan(1), Console.Out, Console.Error)
    : ExitCodes.Usage;
