using System.Security.Cryptography;
using System.Text;
using Quorate.Core.Clocks;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Tests.StateMachine;

public sealed class RevisionTests
{
    /// <summary>What is in a log is applied again by later versions, which must come to the same revisions.</summary>
    [Theory]
    [InlineData(null, 0)]
    [InlineData("3-0123456789abcdef", 300)]
    [InlineData("3-0123456789abcdef", 990)]
    [InlineData("3-0123456789abcdef", 991)]
    [InlineData("3-0123456789abcdef", 5000)]
    public void Next_ValuesOfAnyLength_HashesTimeParentRegionAndValue(string? parent, int length)
    {
        var value = new byte[length];
        new Random(length).NextBytes(value);
        var time = HlcTimestamp.FromUnixMs(1_790_000_000_000);
        byte[] hashed = [.. BitConverter.GetBytes(time.Value), .. Encoding.UTF8.GetBytes($"{parent}\0eu\0"), .. value];

        var rev = Revisions.Next(parent, 4, time, "eu", value);

        Assert.Equal($"4-{Convert.ToHexStringLower(SHA256.HashData(hashed)[..8])}", rev);
    }
}
