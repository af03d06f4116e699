using Quorate.Core.Raft;
using Quorate.Node.Storage;

namespace Quorate.Node.Tests.Storage;

/// <summary>
/// Random histories, each ended at a random operation of the disk, several times over on the same disk: by a power failure, or by
/// the death of the process alone, after which everything written is still there but not yet durable.
/// </summary>
public sealed class WalCrashTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Open_AfterACrash_HasEverythingFlushedAndNothingInvented(int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + 50; seed++)
        {
            new History(seed).Run();
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 8).Select(i => i * 50)];

    private sealed class History(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly CrashingDisk _disk = new(seed);
        private List<Entry> _durable = [];
        private List<List<Entry>> _possible = [];
        private HardState _hardState;
        private HardState _possibleHardState;
        private long _term = 1;

        public void Run()
        {
            for (var life = 0; life < 4; life++)
            {
                var changesToLive = _random.Next(1, 120);
                _disk.BeforeChange = () =>
                {
                    if (changesToLive-- == 0)
                    {
                        throw new CrashingDisk.PowerFailure();
                    }
                };
                try
                {
                    Live();
                }
                catch (CrashingDisk.PowerFailure)
                {
                }

                _disk.BeforeChange = () => { };
                if (_random.Next(2) == 0)
                {
                    _disk.LosePower();
                }

                Check();
            }
        }

        private void Live()
        {
            using var log = WalFixture.Open("/crash", WalFixture.Small, _disk);
            while (true)
            {
                var writes = _random.Next(1, 4);
                _possible = [_durable];
                for (var i = 0; i < writes; i++)
                {
                    Append(log);
                }

                log.Flush();
                _durable = _possible[^1];
                _hardState = _possibleHardState;
            }
        }

        private void Append(WriteAheadLog log)
        {
            HardState? state = null;
            if (_random.Next(3) == 0)
            {
                state = _possibleHardState = new HardState(new Term(++_term), new NodeId("n1"), LogIndex.Zero);
            }

            var now = _possible[^1];
            var from = _random.Next(4) == 0 ? Math.Max(0, now.Count - _random.Next(5)) : now.Count;
            var fresh = WalFixture.Entries(from + 1, from + _random.Next(1, 6), _term, _random.Next(1, 1500));
            log.Append(state, null, fresh);

            // Records count one by one: each entry of the batch is a state that a crash may leave.
            for (var i = 1; i <= fresh.Length; i++)
            {
                _possible.Add([.. now.Take(from), .. fresh.Take(i)]);
            }
        }

        private void Check()
        {
            using var log = WalFixture.Open("/crash", WalFixture.Small, _disk);
            var found = log.Recovered.Entries;
            var match = _possible.FirstOrDefault(state => state.Count == found.Count && state.Zip(found).All(pair => Same(pair.First, pair.Second)));
            Assert.True(_possible.Count == 0 ? found.Count == 0 : match is not null, $"seed {seed}: recovered {found.Count} entries, a state that was never written");
            Assert.True(log.Recovered.HardState.Term >= _hardState.Term, $"seed {seed}: term went back to {log.Recovered.HardState.Term}");
            Assert.True(log.Recovered.HardState.Term <= _possibleHardState.Term, $"seed {seed}: invented a term");
            _durable = [.. found];
            _possible = [_durable];
            _hardState = _possibleHardState = log.Recovered.HardState;
        }

        private static bool Same(Entry a, Entry b) => a.Index == b.Index && a.Term == b.Term && a.Data.Span.SequenceEqual(b.Data.Span);
    }
}
