using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Tests.Model;

public class FormatTests
{
    [Theory]
    [InlineData(0L, "0")]
    [InlineData(999L, "999")]
    [InlineData(12480L, "12 480")]
    [InlineData(-1234567L, "−1 234 567")]
    [InlineData(null, "–")]
    public void Number_Whole_SeparatesThousands(long? value, string expected) =>
        Assert.Equal(Thin(expected), Format.Number(value));

    [Theory]
    [InlineData(8.66, "8.7")]
    [InlineData(12480.4, "12 480")]
    [InlineData(3.0, "3")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "–")]
    public void Number_Fraction_ShowsNoMoreDigitsThanCount(double value, string expected) =>
        Assert.Equal(Thin(expected), Format.Number(value));

    [Theory]
    [InlineData(0.62, "0.62 ms")]
    [InlineData(8.7, "8.7 ms")]
    [InlineData(0.0, "0 ms")]
    [InlineData(192_000.0, "3 m 12 s")]
    [InlineData(null, "–")]
    public void Milliseconds_AnySize_CarryAUnit(double? value, string expected) =>
        Assert.Equal(Thin(expected), Format.Milliseconds(value));

    [Theory]
    [InlineData(0L, "0 B")]
    [InlineData(999L, "999 B")]
    [InlineData(1200L, "1.2 kB")]
    [InlineData(1_200_000_000L, "1.2 GB")]
    [InlineData(null, "–")]
    public void Bytes_AnySize_UseTheLargestUnit(long? value, string expected) =>
        Assert.Equal(Thin(expected), Format.Bytes(value));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(60, "1 m")]
    [InlineData(192, "3 m 12 s")]
    [InlineData(3600 + 59, "1 h")]
    [InlineData((26 * 3600) + 300, "1 d 2 h")]
    public void Duration_Long_HasTwoParts(int seconds, string expected) =>
        Assert.Equal(Thin(expected), Format.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Id_Large_HasNoSeparators() => Assert.Equal("12480", Format.Id(12480));

    private static string Thin(string text) => text.Replace(' ', Format.Space);
}
