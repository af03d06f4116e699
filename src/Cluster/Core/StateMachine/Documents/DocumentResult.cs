namespace Quorate.Core.StateMachine.Documents;

/// <summary>What became of a command about documents. A closed hierarchy; <see cref="DocumentResultCodec"/> knows every case.</summary>
public abstract record DocumentResult : CommandResult
{
    /// <param name="Created">False: it existed like this already.</param>
    public sealed record CollectionReady(bool Created) : DocumentResult;

    /// <summary>A collection of this name exists with another strategy.</summary>
    public sealed record CollectionDiffers(ConflictStrategy Strategy) : DocumentResult;

    /// <param name="Documents">Documents that went with it.</param>
    public sealed record CollectionDropped(long Documents) : DocumentResult;

    public sealed record CollectionNotFound : DocumentResult;

    public sealed record TooManyCollections(int Limit) : DocumentResult;

    /// <param name="Sequence">The change's number in the log of changes.</param>
    public sealed record Written(string Rev, long Sequence, bool Created) : DocumentResult;

    /// <param name="Rev">The revision that the deletion is.</param>
    public sealed record Deleted(string Rev, long Sequence) : DocumentResult;

    public sealed record NotFound : DocumentResult;

    /// <summary>The document does not have the expected revision.</summary>
    /// <param name="Current">What there is instead; null when it does not exist.</param>
    public sealed record Conflict(Document? Current) : DocumentResult;
}
