using FsCheck;
using FsCheck.Fluent;
using Quorate.Core.Codec;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>Commands and results survive their bytes, and no bytes do harm.</summary>
public sealed class CodecProperties
{
    [Fact]
    public void Command_RoundTrip_GivesSameBytes()
    {
        var values =
            from script in Scripts.Everything
            from client in Properties.Longs
            from number in Properties.Longs
            from session in Properties.OrNull(Properties.Longs)
            from key in Properties.OrNull(Properties.Texts)
            from reason in Properties.OrNull(Properties.Texts)
            from fence in Properties.OrNull(Properties.Texts)
            select (script, client, number, session, key, reason, fence);
        Properties.Hold(values, value =>
        {
            var replica = new Replica();
            foreach (var step in value.script)
            {
                if (step.Resolve(replica.State) is { } command)
                {
                    SessionSequence? session = value.session is { } id ? new SessionSequence(id, value.number) : null;
                    var envelope = new CommandEnvelope(new RequestId(value.client, value.number), command, session, value.key, value.reason, value.fence is { } name ? new Fence(name, value.number) : null);
                    var bytes = CommandCodec.Encode(envelope);
                    var read = CommandCodec.Decode(bytes, out var body);
                    Assert.Equal(envelope with { Command = read.Command }, read);
                    Assert.Equal(command.GetType(), read.Command.GetType());
                    Assert.Equal(bytes, CommandCodec.Encode(read));
                    Assert.True(bytes.AsSpan().EndsWith(body.Span));
                }

                Scripts.Play(replica, step);
            }
        }, times: 30);
    }

    [Fact]
    public void Result_RoundTrip_GivesSameBytes()
    {
        var seen = new HashSet<Type>();
        Properties.Hold(Scripts.Everything, script =>
        {
            var replica = new Replica();
            foreach (var step in script)
            {
                var (_, result) = Scripts.Play(replica, step);
                seen.Add(result.GetType());
                var bytes = Replica.Bytes(result);
                var reader = new ByteReader(bytes);
                var read = ResultCodec.Read(ref reader);
                reader.End();
                Assert.Equal(result.GetType(), read.GetType());
                Assert.Equal(bytes, Replica.Bytes(read));
            }
        }, times: 60);
        Assert.True(seen.Count >= 18, $"the workload gave only {seen.Count} kinds of results");
    }

    [Fact]
    public void Decode_AnyOrDamagedBytes_AnswersOrThrowsFormatException()
    {
        var damaged =
            from script in Scripts.Everything
            from position in Gen.Choose(0, 200)
            from value in Gen.Choose(0, 255)
            select Damage(script, position, (byte)value);
        Properties.Hold(Gen.OneOf(Properties.Blobs, damaged), bytes =>
        {
            foreach (var decode in (Action[])[() => CommandCodec.Decode(bytes, out _), () => ReadResult(bytes)])
            {
                try
                {
                    decode();
                }
                catch (FormatException)
                {
                    // What damaged bytes are expected to give.
                }
            }
        }, times: 1000);
    }

    private static byte[] Damage(ScriptStep[] script, int position, byte value)
    {
        var command = script.Select(step => step.Resolve(new ClusterState())).OfType<Command>().FirstOrDefault();
        var bytes = command is null ? [] : CommandCodec.Encode(new CommandEnvelope(default, command));
        if (bytes.Length > 0)
        {
            bytes[position % bytes.Length] = value;
        }

        return bytes;
    }

    private static void ReadResult(byte[] bytes)
    {
        var reader = new ByteReader(bytes);
        ResultCodec.Read(ref reader);
    }
}
