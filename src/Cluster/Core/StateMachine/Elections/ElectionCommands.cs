namespace Quorate.Core.StateMachine.Elections;

/// <summary>Stands in a named election. Who stands already stays where they are, and their candidacy lasts anew.</summary>
/// <param name="Value">What the candidate wants everybody to know once it leads, such as its address; UTF-8 JSON.</param>
/// <param name="TtlMs">How long the candidacy lasts unless renewed; null with a session: as long as the session.</param>
public sealed record ElectionCampaign(string Name, string Candidate, ReadOnlyMemory<byte> Value, long? TtlMs, long? Session) : Command;

/// <summary>Lets the leader's term last anew.</summary>
public sealed record ElectionRenew(string Name, string Candidate, long Token) : Command;

/// <summary>Changes what the leader tells everybody.</summary>
public sealed record ElectionProclaim(string Name, string Candidate, long Token, ReadOnlyMemory<byte> Value) : Command;

/// <summary>Stands no longer, be it as leader or in the queue.</summary>
/// <param name="Token">Only if the candidate leads with this token; null: in any case, which is an operator's way too.</param>
public sealed record ElectionResign(string Name, string Candidate, long? Token) : Command;
