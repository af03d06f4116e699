using FsCheck.Fluent;
using Quorate.Core.Codec;

namespace Quorate.Core.Tests.Codec;

public sealed class ByteCodecProperties
{
    [Fact]
    public void Reader_OfWhatWriterWrote_GivesItBack()
    {
        var values =
            from number in Properties.Longs
            from fixedNumber in Properties.Longs
            from text in Properties.Texts
            from optionalText in Properties.OrNull(Properties.Texts)
            from optionalNumber in Properties.OrNull(Properties.Longs)
            from bytes in Properties.Blobs
            select (number, fixedNumber, text, optionalText, optionalNumber, bytes);
        Properties.Hold(values, value =>
        {
            var writer = new ByteWriter(1);
            writer.VarInt(value.number);
            writer.Int64(value.fixedNumber);
            writer.UInt32((uint)value.number);
            writer.Bool(value.number > 0);
            writer.String(value.text);
            writer.OptionalString(value.optionalText);
            writer.OptionalInt64(value.optionalNumber);
            writer.Bytes(value.bytes);

            var reader = new ByteReader(writer.ToArray());
            Assert.Equal(value.number, reader.VarInt());
            Assert.Equal(value.fixedNumber, reader.Int64());
            Assert.Equal((uint)value.number, reader.UInt32());
            Assert.Equal(value.number > 0, reader.Bool());
            Assert.Equal(value.text, reader.String());
            Assert.Equal(value.optionalText, reader.OptionalString());
            Assert.Equal(value.optionalNumber, reader.OptionalInt64());
            Assert.Equal(value.bytes, reader.Bytes().ToArray());
            reader.End();
        });
    }

    [Fact]
    public void String_WhateverIsExpected_IsWhatWasWritten()
    {
        var values = from text in Properties.Texts from other in Properties.OrNull(Properties.Texts) select (text, other);
        Properties.Hold(values, value =>
        {
            var writer = new ByteWriter(1);
            writer.String(value.text);
            var bytes = writer.ToArray();

            Assert.Equal(value.text, new ByteReader(bytes).String(value.other));
            Assert.Equal(value.text, new ByteReader(bytes).String(new string(value.text)));
        });
    }

    [Fact]
    public void Reader_OfAnyBytes_AnswersOrThrowsFormatException()
    {
        var values = from bytes in Properties.Blobs from order in Gen.Choose(0, 8).ListOf(6) select (bytes, order);
        Properties.Hold(values, value =>
        {
            var reader = new ByteReader(value.bytes);
            try
            {
                foreach (var kind in value.order)
                {
                    Read(ref reader, kind);
                }
            }
            catch (FormatException)
            {
                // What damaged bytes are expected to give.
            }
        }, times: 2000);
    }

    private static void Read(ref ByteReader reader, int kind)
    {
        switch (kind)
        {
            case 0: reader.Byte(); break;
            case 1: reader.Bool(); break;
            case 2: reader.UInt32(); break;
            case 3: reader.Int64(); break;
            case 4: reader.VarInt(); break;
            case 5: reader.Bytes(); break;
            case 6: reader.OptionalString(); break;
            case 7: reader.OptionalInt64(); break;
            default: reader.End(); break;
        }
    }
}
