using Quorate.Contracts.Live;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Terms;
using Quorate.Gateway.Endpoints;
using Quorate.Node.Access;

namespace Quorate.Gateway.Live;

/// <summary>The history of leaders. Its versions are the log indexes with which the terms began.</summary>
public sealed class LeadersTopic(ClusterClient cluster) : ITopic
{
    private const int Shown = 100;

    public string Name => Topics.Leaders;

    public long Version => cluster.Peek(Newest);

    public TopicRead Snapshot() => cluster.Peek(state => new TopicRead(Newest(state), Payload(state, _ => true), IsDelta: false));

    public TopicRead? Since(long version) => cluster.Peek(state =>
    {
        var newest = Newest(state);
        return newest == version
            ? null
            : new TopicRead(newest, Payload(state, (record) => record.Index >= version), IsDelta: true);
    });

    private static long Newest(ClusterState state) => state.Terms.All().LastOrDefault()?.Index ?? 0;

    // The term with which the subscriber's history ended is sent again: its end is news.
    private static LeadersPayload Payload(ClusterState state, Func<TermRecord, bool> wanted)
    {
        var terms = state.Terms.All().ToArray();
        var items = new List<Contracts.Cluster.LeaderTerm>();
        for (var i = terms.Length - 1; i >= 0 && items.Count < Shown; i--)
        {
            if (wanted(terms[i]))
            {
                items.Add(Views.Of(terms[i], i + 1 < terms.Length ? terms[i + 1] : null));
            }
        }

        return new LeadersPayload(items);
    }
}
