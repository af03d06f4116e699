using System.Runtime.InteropServices;
using Quorate.Simulation.Cli;
using Quorate.Soak;

SoakOptions options;
try
{
    options = SoakOptions.Read(args);
}
catch (FormatException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    Console.Error.WriteLine($"usage: {SoakOptions.Usage}");
    return ExitCodes.Usage;
}

// Processes, links and the small disk are put away however the run ends.
using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
return await SoakRun.RunAsync(options, Console.Out, stop.Token) ? ExitCodes.Success : ExitCodes.Failure;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
