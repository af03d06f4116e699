using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Events;

namespace Quorate.Core.StateMachine;

/// <summary>Mistakes that take more than a word to make; only a simulation makes them.</summary>
public sealed partial class ClusterState
{
    private CommandResult Join(ElectionCampaign campaign, in ApplyContext context) =>
        Elections.Apply(campaign, context) is CommandResult.ElectionStanding { Token: null } standing
            ? standing with { Position = 0, Token = Elections.Get(campaign.Name)!.Leader!.Token }
            : Elections.Apply(campaign, context);

    private CommandResult.EventPublished PublishNumbered(EventPublish publish, in ApplyContext context)
    {
        var published = Events.Apply(publish, context);
        if (published.Sequence is null)
        {
            Events.Restore(Events.Routing, Events.Counters, Events.LastSequence + 1);
        }

        return published;
    }
}
