namespace Quorate.Simulation.Checking;

/// <summary>What a check of a history comes to.</summary>
internal enum Verdict
{
    Linearizable,
    NotLinearizable,

    /// <summary>The budget ran out before an answer was found. Never counts as success.</summary>
    Unknown,
}
