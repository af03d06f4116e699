using System.CommandLine;
using Microsoft.Extensions.Logging;
using Quorate.Node.Storage;
using Quorate.Node.Transport;

namespace Quorate.Node.Commands;

/// <summary>
/// The command line of <c>quorate-node</c>: without a command it runs a node. Every error is one line on the standard error
/// stream, and all errors of the configuration are told at once.
/// </summary>
internal static class NodeCommandLine
{
    private static readonly RunOptions RunOptions = new();
    private static readonly Option<string> VerifyData = new("--data")
    {
        Description = "Data directory of a node. Nothing in it is changed; best used while the node is stopped.",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<string> RestoreFrom = new("--from")
    {
        Description = "The backup: a snapshot file, as GET /api/v1/cluster/backup streams it.",
        HelpName = "FILE",
        Required = true,
    };

    private static readonly Option<string> RestoreData = new("--data")
    {
        Description = "Data directory to restore into: new or empty.",
        HelpName = "DIR",
        Required = true,
    };

    public static int Run(string[] args)
    {
        var parsed = Root().Parse(args);
        try
        {
            // Only without errors: the library would print the whole help on them.
            return parsed.Errors.Count == 0 ? parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false }) : Refuse(parsed);
        }
        catch (Exception e) when (e is DataDirectoryException or TransportException)
        {
            return Complain(ExitCode.Configuration, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return Complain(ExitCode.Fault, e.Message);
        }
    }

    /// <summary>Prints a line for each error.</summary>
    public static int Complain(int exitCode, params IEnumerable<string> errors)
    {
        foreach (var error in errors)
        {
            Console.Error.WriteLine($"quorate-node: {error}");
        }

        return exitCode;
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("Runs one node of a Quorate cluster. Exit codes: 0 all well, 1 a fault, 2 a configuration error.");
        RunOptions.AddTo(root);
        root.SetAction(parsed =>
        {
            var errors = new List<string>();
            var settings = RunOptions.Read(parsed, errors);
            return errors.Count == 0 ? RunCommand.Run(settings) : Complain(ExitCode.Configuration, errors);
        });

        var verify = new Command("verify", "Checks log and snapshots of a data directory without changing anything. Exit codes: 0 undamaged, 1 damaged, 2 not a data directory.")
        {
            VerifyData,
        };
        verify.SetAction(parsed => VerifyCommand.Run(parsed.GetRequiredValue(VerifyData), Console.Out));

        var restore = new Command(
            "restore",
            "Prepares a data directory from a backup. A cluster is restored by restoring every node of it from the same file before any is started; "
            + "never add a restored node to a cluster that has run on.")
        {
            RestoreFrom,
            RestoreData,
        };
        restore.SetAction(parsed => RestoreCommand.Run(parsed.GetRequiredValue(RestoreFrom), parsed.GetRequiredValue(RestoreData), Console.Out));
        root.Add(verify);
        root.Add(restore);
        return root;
    }

    private static int Refuse(ParseResult parsed)
    {
        var errors = parsed.Errors.Select(error => error.Message).ToList();
        if (parsed.CommandResult.Command is RootCommand)
        {
            RunOptions.Read(parsed, errors);
        }

        return Complain(ExitCode.Configuration, errors.Distinct());
    }
}
