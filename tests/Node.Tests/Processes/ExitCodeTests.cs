using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Storage;

namespace Quorate.Node.Tests.Processes;

public sealed class ExitCodeTests : IDisposable
{
    private readonly TempDirectory _data = new();

    [Fact]
    public void Configuration_with_mistakes_names_all_of_them_and_exits_with_2()
    {
        var exitCode = NodeProcess.Run(
            out _, out var errors, "--id", "a/b", "--listen", "nowhere", "--peers", "n1=127.0.0.1:1,n1=127.0.0.1:2", "--heartbeat-ms", "fast", "--election-ms", "250-240", "extra");

        Assert.Equal(2, exitCode);
        foreach (var mistake in (string[])["--data", "id must be", "--listen", "--peers", "--heartbeat-ms", "election timeout", "extra"])
        {
            Assert.Single(errors.Split('\n'), line => line.StartsWith("quorate-node: ", StringComparison.Ordinal) && line.Contains(mistake, StringComparison.Ordinal) && !line.Contains("   at ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Address_that_others_can_reach_without_a_secret_exits_with_2() =>
        AssertOneLine(2, "needs a secret", "--id", "n1", "--listen", "0.0.0.0:0", "--peers", "n1=127.0.0.1:7001", "--data", _data.Path);

    [Fact]
    public void Port_that_is_taken_exits_with_2()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        AssertOneLine(2, "cannot listen on", "--id", "n1", "--listen", taken.LocalEndpoint.ToString()!, "--peers", "n1=127.0.0.1:7001", "--data", _data.Path, "--log-level", "none");
    }

    [Fact]
    public void Data_directory_that_cannot_be_written_exits_with_2()
    {
        File.WriteAllText(_data.Sub("file"), "");

        AssertOneLine(2, "cannot create the directory", Arguments(Path.Combine(_data.Sub("file"), "data")));
    }

    [Fact]
    public void Data_directory_of_another_node_exits_with_2()
    {
        using (WriteAheadLog.Open(new DataLayout(_data.Path).Log, new WalOptions { Node = new NodeId("n7") }, NullLogger.Instance))
        {
        }

        AssertOneLine(2, "belongs to node 'n7'", Arguments(_data.Path));
    }

    [Fact]
    public void Damaged_log_exits_with_1_at_start_and_in_verify()
    {
        var damaged = WriteDamagedLog(out var offset);

        AssertOneLine(1, $"{damaged} is damaged at offset {offset}", Arguments(_data.Path));
        AssertOneLine(1, $"{damaged} is damaged at offset {offset}", "verify", "--data", _data.Path);
    }

    [Fact]
    public void Verify_of_an_undamaged_directory_tells_what_is_there_and_changes_nothing()
    {
        WriteLog(entries: 3);
        WriteSnapshot(_data.Path);
        var before = Contents();

        var exitCode = NodeProcess.Run(out var output, out _, "verify", "--data", _data.Path);

        Assert.Equal(0, exitCode);
        Assert.Contains("1 segment, entries 1 to 3, term 2, voted for n1", output);
        Assert.Contains("snapshot  entry 0, term 0,", output);
        Assert.Contains("checksums right", output);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public void Verify_of_a_damaged_snapshot_exits_with_1()
    {
        WriteLog(entries: 3);
        var path = WriteSnapshot(_data.Path);
        var bytes = File.ReadAllBytes(path);
        bytes[^30] ^= 1;
        File.WriteAllBytes(path, bytes);

        AssertOneLine(1, $"{path} is damaged at offset", "verify", "--data", _data.Path);
    }

    [Fact]
    public void Verify_of_no_data_directory_exits_with_2() =>
        AssertOneLine(2, "no data of a node", "verify", "--data", _data.Path);

    [Fact]
    public void Restore_makes_a_directory_that_a_node_starts_on()
    {
        var backup = WriteSnapshot(_data.Sub("old"));
        var target = _data.Sub("new");

        Assert.Equal(0, NodeProcess.Run(out _, out var errors, "restore", "--from", backup, "--data", target));

        Assert.Equal("", errors);
        Assert.Equal(0, NodeProcess.Run(out var output, out _, "verify", "--data", target));
        Assert.Contains("checksums right", output);
        using var node = NodeProcess.Start(Arguments(target));
        Eventually.True(() => node.Output.Contains("peers   n1=", StringComparison.Ordinal), "the node runs");
        node.Terminate();
        Assert.Equal(0, node.AwaitExit());
    }

    [Fact]
    public void Restore_into_a_directory_that_is_not_empty_exits_with_2()
    {
        var backup = WriteSnapshot(_data.Sub("old"));

        AssertOneLine(2, "is not empty", "restore", "--from", backup, "--data", _data.Sub("old"));
    }

    [Fact]
    public void Restore_of_a_damaged_backup_exits_with_1_and_leaves_nothing()
    {
        var backup = WriteSnapshot(_data.Sub("old"));
        File.WriteAllBytes(backup, File.ReadAllBytes(backup)[..^1]);

        AssertOneLine(1, $"{backup} is damaged at offset", "restore", "--from", backup, "--data", _data.Sub("new"));

        Assert.False(Directory.Exists(_data.Sub("new")));
    }

    [Fact]
    public void Help_explains_every_option_and_exits_with_0()
    {
        Assert.Equal(0, NodeProcess.Run(out var output, out _, "--help"));

        foreach (var option in (string[])["--id", "--listen", "--peers", "--data", "--region", "--heartbeat-ms", "--election-ms", "--secret-file", "--join", "verify", "restore"])
        {
            Assert.Contains(option, output);
        }
    }

    public void Dispose() => _data.Dispose();

    private static string[] Arguments(string data) =>
        ["--id", "n1", "--listen", "127.0.0.1:0", "--peers", "n1=127.0.0.1:7001", "--data", data, "--log-level", "none"];

    private static void AssertOneLine(int exitCode, string message, params IEnumerable<string> arguments)
    {
        Assert.Equal(exitCode, NodeProcess.Run(out _, out var errors, arguments));
        Assert.StartsWith("quorate-node: ", errors);
        Assert.True(errors.Contains(message, StringComparison.Ordinal), $"expected: {message}\nbut was: {errors}");
        Assert.DoesNotContain('\n', errors);
    }

    private void WriteLog(int entries)
    {
        using var log = WriteAheadLog.Open(new DataLayout(_data.Path).Log, new WalOptions { SegmentBytes = 64 << 10 }, NullLogger.Instance);
        for (var i = 1; i <= entries; i++)
        {
            log.Append(new HardState(new Term(2), new NodeId("n1"), LogIndex.Zero), null, [new Entry(new Term(2), new LogIndex(i), new HlcTimestamp(i), EntryKind.Clock, new byte[100])]);
            log.Flush();
        }
    }

    private string WriteDamagedLog(out int offset)
    {
        WriteLog(entries: 3);
        var path = Directory.GetFiles(new DataLayout(_data.Path).Log, "*.wal").Single();
        var bytes = File.ReadAllBytes(path);
        offset = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xE5, 0xC3]) - 2;
        bytes[offset + 21] ^= 1;
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static string WriteSnapshot(string data)
    {
        var directory = new DataLayout(data).Snapshots;
        using var store = new SnapshotStore(directory, GroupId.Default, NullLogger.Instance);
        using var writer = store.Begin(new SnapshotMeta(LogIndex.Zero, Term.Zero, default, Membership.Of([new NodeId("n1")])));
        foreach (var record in new ClusterState().Freeze().Records())
        {
            writer.Write(record.Span);
        }

        writer.Commit();
        return Directory.GetFiles(directory, "*.snap").Single();
    }

    private List<string> Contents() =>
        [.. Directory.EnumerateFiles(_data.Path, "*", SearchOption.AllDirectories).Order().Select(path => path + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))))];
}
