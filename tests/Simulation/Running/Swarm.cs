using Quorate.Core;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Running;

/// <summary>
/// What one run is like. Drawn from its seed, each kind of trouble on or off and with an intensity of its own: an even mixture of
/// everything would never reach the combinations that hurt (Groce et al. 2012, "Swarm testing").
/// </summary>
internal sealed record Swarm
{
    /// <summary>
    /// As far as two clocks may drift apart, so that leases still hold: the fastest shows at most 1.2 times what the slowest does. With
    /// 25 ticks to an election a lease lasts 20, and the tick that is under way when a voter last hears of the leader is not whole.
    /// </summary>
    private const double MaxDrift = 0.18;

    public int Founders { get; init; }

    public int Spares { get; init; }

    public int Gateways { get; init; }

    public int Clients { get; init; }

    /// <summary>How long the trouble lasts, in microseconds.</summary>
    public long SafetyPhase { get; init; }

    public double Loss { get; init; }

    public double Duplication { get; init; }

    public bool Reorders { get; init; }

    /// <summary>Messages pass through their wire format.</summary>
    public bool Encodes { get; init; }

    public long DelayMin { get; init; }

    public double DelayMean { get; init; }

    /// <summary>Share of the ways between two nodes, each direction by itself, that are slow: hundreds of milliseconds, always the same.</summary>
    public double SlowWays { get; init; }

    /// <summary>The same for the connections of gateways to nodes.</summary>
    public double SlowLinks { get; init; }

    public double FsyncMean { get; init; }

    /// <summary>Of the tick clocks of two machines, at most.</summary>
    public double ClockDrift { get; init; }

    public long ClockSkewMs { get; init; }

    public bool LeaseReads { get; init; }

    public int SnapshotEvery { get; init; }

    public int KeepEntries { get; init; }

    public int ChunkBytes { get; init; }

    public int MaxAppendEntries { get; init; }

    public int MaxInflightAppends { get; init; }

    /// <summary>Members come and go as an operator has it, by commands; otherwise several at once, through Raft itself.</summary>
    public bool RegistersMembers { get; init; }

    /// <summary>In the last phase a bare majority is healed and the others stay lost.</summary>
    public bool HealsCoreOnly { get; init; }

    /// <summary>Mean times between faults of each kind, in microseconds; 0: none.</summary>
    public FaultRates Faults { get; init; } = new();

    public Mutation Mutation { get; init; }

    public static Swarm Draw(SeededRandom random, Mutation mutation)
    {
        var swarm = new Swarm
        {
            Founders = random.Pick([3, 3, 3, 4, 5, 5]),
            Spares = random.Pick([0, 1, 2]),
            Gateways = random.Pick([1, 2]),
            Clients = random.Pick([2, 3, 4, 5]),
            SafetyPhase = random.Between(4, 12) * Duration.Second,
            Loss = random.Pick<double>([0, 0, 0.005, 0.02, 0.1]),
            Duplication = random.Pick<double>([0, 0, 0.01, 0.1]),
            Reorders = random.Chance(0.4),
            Encodes = random.Chance(0.2),
            DelayMin = random.Pick<long>([50, 200, 1_000]),
            DelayMean = random.Pick<double>([100, 500, 2_000, 20_000, 60_000]),
            SlowWays = random.Pick<double>([0, 0, 0, 0.15, 0.3]),
            SlowLinks = random.Pick<double>([0, 0, 0.3]),
            FsyncMean = random.Pick<double>([100, 1_000, 5_000, 30_000]),
            ClockDrift = random.Pick<double>([0, 0.001, 0.03, 0.08, MaxDrift]),
            ClockSkewMs = random.Pick<long>([0, 10, 1_000, 100_000]),
            LeaseReads = random.Chance(0.25),
            SnapshotEvery = random.Pick([15, 60, 250, 100_000]),
            KeepEntries = random.Pick([0, 5, 50]),
            ChunkBytes = random.Pick([300, 1_500, 20_000]),
            MaxAppendEntries = random.Pick([1, 4, 64]),
            MaxInflightAppends = random.Pick([1, 4, 64]),
            RegistersMembers = random.Chance(0.4),
            HealsCoreOnly = random.Chance(0.5),
            Faults = FaultRates.Draw(random),
            Mutation = mutation,
        };
        return Favour(swarm);
    }

    // A mistake can only be noticed in a run where it makes a difference.
    private static Swarm Favour(Swarm swarm) => swarm.Mutation switch
    {
        Mutation.None => swarm,
        Mutation.LeaseFromReply => swarm with
        {
            LeaseReads = true,
            Founders = 3,
            Spares = 0,
            Clients = 5,
            SafetyPhase = 12 * Duration.Second,
            SlowWays = 0,
            SlowLinks = 0.5,
            DelayMean = 500,
            Faults = new FaultRates { Lag = 500 * Duration.Millisecond, Isolation = 700 * Duration.Millisecond },
        },
        Mutation.LeaseStandsStill => swarm with { LeaseReads = true, Clients = 5, Faults = swarm.Faults with { Pause = 700 * Duration.Millisecond } },
        Mutation.LateRefusalBelieved => swarm with
        {
            SlowLinks = 0.5,
            Faults = swarm.Faults with { Transfer = 400 * Duration.Millisecond, Campaign = 400 * Duration.Millisecond },
        },
        Mutation.LeavingVoterAbstains => swarm with
        {
            RegistersMembers = false,
            Founders = 3,
            Spares = 2,
            SafetyPhase = 12 * Duration.Second,
            SlowWays = 0.3,
            Faults = new FaultRates
            {
                Membership = 200 * Duration.Millisecond,
                Isolation = 400 * Duration.Millisecond,
                Partition = 400 * Duration.Millisecond,
                Crash = Duration.Second,
            },
        },
        Mutation.SingleStepDoubleChange => swarm with { RegistersMembers = false, Founders = 3, Spares = 2, Faults = swarm.Faults with { Membership = 300 * Duration.Millisecond, Partition = Duration.Second } },
        Mutation.SnapshotRacesLog => swarm with { SnapshotEvery = 15 },
        Mutation.VoteNotPersisted or Mutation.AckBeforeFsync => swarm with { FsyncMean = 30_000, Faults = swarm.Faults with { PowerLoss = Duration.Second } },
        Mutation.CommitPriorTermByCounting => swarm with
        {
            Founders = 5,
            Clients = 5,
            Spares = 0,
            SafetyPhase = 20 * Duration.Second,
            DelayMean = 20_000,
            SlowWays = 0,
            FsyncMean = 1_000,
            MaxAppendEntries = 1,
            MaxInflightAppends = 1,
            Faults = new FaultRates { EarlyDeath = 0.8, Crash = 300 * Duration.Millisecond },
        },
        _ => swarm with { Faults = swarm.Faults with { Partition = 2 * Duration.Second, Crash = 2 * Duration.Second } },
    };
}

/// <summary>Mean times between faults, over the whole cluster, in microseconds; 0: never.</summary>
internal sealed record FaultRates
{
    public long Partition { get; init; }

    /// <summary>The leader is cut off, perhaps in one direction only.</summary>
    public long Isolation { get; init; }

    /// <summary>Everything reaches the leader late for a while, though not its own messages the others.</summary>
    public long Lag { get; init; }

    public long Reset { get; init; }

    public long Pause { get; init; }

    public long Crash { get; init; }

    public long PowerLoss { get; init; }

    public long FullDisk { get; init; }

    public long FailedSync { get; init; }

    public long BitRot { get; init; }

    public long ClockJump { get; init; }

    public long Membership { get; init; }

    /// <summary>Chance that a leader dies just after it was elected.</summary>
    public double EarlyDeath { get; init; }

    public long Transfer { get; init; }

    public long Campaign { get; init; }

    public long GatewayReset { get; init; }

    public static FaultRates Draw(SeededRandom random)
    {
        return new FaultRates
        {
            Partition = Rate(),
            Isolation = Rate(),
            Lag = Rate(),
            Reset = Rate(),
            Pause = Rate(),
            Crash = Rate(),
            PowerLoss = Rate(),
            FullDisk = Rate(),
            FailedSync = Rate(),
            BitRot = Rate(),
            ClockJump = Rate(),
            Membership = Rate(),
            EarlyDeath = random.Pick<double>([0, 0, 0, 0.3]),
            Transfer = Rate(),
            Campaign = Rate(),
            GatewayReset = Rate(),
        };

        long Rate() => random.Pick<long>([0, 0, 400, 1_000, 3_000]) * Duration.Millisecond;
    }
}
