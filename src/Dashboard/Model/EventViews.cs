namespace Quorate.Dashboard.Model;

/// <summary>The views of the events page, as they stand in its address; without one it is the tail.</summary>
public static class EventViews
{
    public const string Tail = "tail";
    public const string Statistics = "statistics";
    public const string Routing = "routing";
}
