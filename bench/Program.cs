using System.Globalization;
using System.Runtime.InteropServices;
using Quorate.Bench;
using Quorate.Bench.Report;

const int Fault = 1;
const int ConfigurationError = 2;

if (args.Contains("--help"))
{
    Console.WriteLine(BenchOptions.Help);
    return 0;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

BenchOptions options;
try
{
    options = BenchOptions.Parse(args, Repository.Root);
}
catch (BenchException error)
{
    Console.Error.WriteLine(error.Message);
    return ConfigurationError;
}

try
{
    var report = await new BenchRun(options, Repository.Root).RunAsync(stop.Token);
    Directory.CreateDirectory(options.OutputDirectory);
    var name = report.At.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    var text = MarkdownReport.Write(report, $"{name}.svg");
    var path = Path.Combine(options.OutputDirectory, $"{name}.md");
    await File.WriteAllTextAsync(path, text);
    await File.WriteAllTextAsync(Path.ChangeExtension(path, ".svg"), SvgChart.Draw(report));
    Console.WriteLine(text);
    Console.WriteLine($"Written to {path}");
    return report.Valid ? 0 : Fault;
}
catch (Exception error) when (error is BenchException or OperationCanceledException)
{
    Console.Error.WriteLine(error is BenchException ? error.Message : "Stopped; everything that was started has been ended.");
    return Fault;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
