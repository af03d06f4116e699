namespace Quorate.Dashboard.Model;

/// <summary>What an operator may do with messages of a queue.</summary>
public enum MessageAct
{
    /// <summary>Dead messages become ready.</summary>
    Redrive,

    /// <summary>Delayed or in-flight messages become ready.</summary>
    Requeue,

    /// <summary>Messages are removed for good.</summary>
    Purge,
}
