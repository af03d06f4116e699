using Quorate.Core.Raft;
using Quorate.Core.StateMachine;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>The state is a function of the log: replicas never differ. Those restored from a snapshot are in <see cref="TableProperties"/>.</summary>
public sealed class DeterminismProperties
{
    [Fact]
    public void Apply_SameLogOnTwoReplicas_GivesSameHashResultsAndEventsAtEachIndex() =>
        Properties.Hold(Scripts.Everything, script =>
        {
            var (first, second) = (new Replica(), new Replica());
            foreach (var step in script)
            {
                var (_, result) = Scripts.Play(first, step);
                if (first.Log[^1].Kind == EntryKind.Command)
                {
                    Assert.Equal(Replica.Bytes(result), Replica.Bytes(second.Apply(first.Log[^1])));
                }
                else
                {
                    second.Apply(first.Log[^1]);
                }

                Assert.Equal(first.Events.Select(each => each.GetType()), second.Events.Select(each => each.GetType()));
                Assert.Equal(first.State.Freeze().Hash(), second.State.Freeze().Hash());
                Assert.Equal(first.State.NextDue, second.State.NextDue);
            }
        }, times: 40);

    [Fact]
    public void Freeze_WhileApplyingGoesOn_KeepsItsHash() =>
        Properties.Hold(Scripts.Everything, script =>
        {
            var replica = new Replica();
            var frozen = new List<(FrozenState State, string Hash)>();
            foreach (var step in script)
            {
                Scripts.Play(replica, step);
                var state = replica.State.Freeze();
                frozen.Add((state, state.Hash()));
            }

            Assert.All(frozen, each => Assert.Equal(each.Hash, each.State.Hash()));
        }, times: 20);

    [Fact]
    public void Apply_AnyBytesAsCommand_IsMalformedOrAppliedButNeverThrows() =>
        Properties.Hold(Properties.Blobs, bytes =>
        {
            var replica = new Replica();
            replica.Append(EntryKind.Command, bytes);
            Assert.Equal(1, replica.State.AppliedIndex.Value);
        }, times: 2000);
}
