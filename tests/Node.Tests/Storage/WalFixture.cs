using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Node.Storage;

namespace Quorate.Node.Tests.Storage;

/// <summary>Shorthand for tests of the log.</summary>
internal static class WalFixture
{
    public static readonly WalOptions Small = new() { SegmentBytes = WalOptions.MinSegmentBytes };

    public static WriteAheadLog Open(string directory, WalOptions? options = null, IWalFiles? files = null) =>
        WriteAheadLog.Open(directory, options ?? Small, NullLogger.Instance, files);

    /// <summary>An entry whose data has no zero byte, so that the end of a record can be seen in the file.</summary>
    public static Entry EntryAt(long index, long term = 1, int size = 40)
    {
        var data = new byte[size];
        Array.Fill(data, (byte)(1 + (index * 7 + term) % 255));
        return new Entry(new Term(term), new LogIndex(index), new HlcTimestamp(index << 16), EntryKind.Command, data);
    }

    public static Entry[] Entries(long from, long to, long term = 1, int size = 40) =>
        [.. Enumerable.Range(0, (int)(to - from + 1)).Select(i => EntryAt(from + i, term, size))];

    public static SnapshotMeta SnapshotAt(long index, long term = 1) =>
        new(new LogIndex(index), new Term(term), new HlcTimestamp(index << 16), Membership.Of([new NodeId("n1"), new NodeId("n2")]));

    public static void Save(this WriteAheadLog log, params Entry[] entries)
    {
        log.Append(null, null, entries);
        log.Flush();
    }

    public static string[] SegmentFiles(string directory) =>
        [.. Directory.GetFiles(directory, "*.wal").Order(StringComparer.Ordinal)];

    /// <summary>The offset after the last byte of a file that is not zero.</summary>
    public static int EndOfContent(string path) => File.ReadAllBytes(path).AsSpan().LastIndexOfAnyExcept((byte)0) + 1;

    public static void AssertSame(IReadOnlyList<Entry> expected, IReadOnlyList<Entry> actual)
    {
        Assert.Equal(expected.Select(Describe), actual.Select(Describe));

        static string Describe(Entry entry) =>
            $"{entry.Index}@{entry.Term} {entry.Time} {entry.Kind} {Convert.ToHexString(entry.Data.Span)}";
    }
}
