using System.Diagnostics;

namespace Quorate.EndToEnd;

[Collection(OwnGatewayCollection.Name)]
public sealed class FirstStartTests(Chromium browser)
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(10);

    /// <summary>A machine that does much else besides may be slow once, but not three times in a row.</summary>
    private const int Attempts = 3;

    [BrowserFact]
    public async Task FirstStart_fromNothingToAUsablePage_takesLessThanTenSeconds()
    {
        var best = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < Attempts && best >= Promise; attempt++)
        {
            var watch = Stopwatch.StartNew();
            await using var gateway = await Gateway.StartAsync();
            await using var tab = await browser.OpenAsync(gateway, "/");
            await Expect(tab.QuorumSentence).ToContainTextAsync("3 of 3 voters healthy");
            best = watch.Elapsed < best ? watch.Elapsed : best;
        }

        Assert.True(best < Promise, $"The best of {Attempts} first starts took {best.TotalSeconds:F1} s.");
    }
}
