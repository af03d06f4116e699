namespace Quorate.Contracts.Laboratory;

/// <param name="State"><c>running</c>, <c>stopped</c> or <c>isolated</c>.</param>
public sealed record LaboratoryNode(string Id, string State);

public static class LaboratoryActions
{
    public const string Stop = "stop";
    public const string Start = "start";
    public const string Isolate = "isolate";
    public const string Heal = "heal";
}
