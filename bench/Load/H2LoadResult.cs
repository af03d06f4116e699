using System.Globalization;
using System.Text.RegularExpressions;

namespace Quorate.Bench.Load;

/// <summary>What h2load printed at its end.</summary>
/// <param name="Started">Requests sent, those still unanswered at the end included.</param>
/// <param name="Succeeded">Requests answered in time and well, as far as HTTP tells.</param>
/// <param name="Bad">Requests that failed in any way, or were answered with anything but 2xx.</param>
/// <param name="BodyBytes">Bytes of response bodies.</param>
internal sealed partial record H2LoadResult(
    double RequestsPerSecond, double MeanMs, long Started, long Succeeded, long Bad, long BodyBytes)
{
    /// <exception cref="BenchException">The output is not as expected.</exception>
    public static H2LoadResult Parse(string output)
    {
        var finished = Match(Finished(), output);
        var requests = Match(Requests(), output);
        var codes = Match(StatusCodes(), output);
        var latency = Match(Latency(), output);
        var succeeded = Count(requests, "succeeded");
        var bad = Count(requests, "failed") + Count(requests, "errored") + Count(requests, "timeout") + Math.Max(0, succeeded - Count(codes, "ok"));
        return new H2LoadResult(
            double.Parse(finished.Groups["rate"].Value, CultureInfo.InvariantCulture),
            Milliseconds(latency.Groups["mean"].Value),
            Count(requests, "started"),
            succeeded,
            bad,
            Count(Match(Traffic(), output), "data"));
    }

    private static Match Match(Regex pattern, string output) =>
        pattern.Match(output) is { Success: true } match ? match : throw new BenchException($"h2load printed something unexpected:\n{output}");

    private static long Count(Match match, string name) => long.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);

    private static double Milliseconds(string text)
    {
        var digits = text.TrimEnd('u', 'm', 's');
        var number = double.Parse(digits, CultureInfo.InvariantCulture);
        return text[digits.Length..] switch
        {
            "us" => number / 1000,
            "ms" => number,
            "s" => number * 1000,
            _ => throw new BenchException($"h2load printed an unknown duration: {text}"),
        };
    }

    [GeneratedRegex(@"^finished in [^,]+, (?<rate>[\d.]+) req/s", RegexOptions.Multiline)]
    private static partial Regex Finished();

    [GeneratedRegex(@"^requests: \d+ total, (?<started>\d+) started, \d+ done, (?<succeeded>\d+) succeeded, (?<failed>\d+) failed, (?<errored>\d+) errored, (?<timeout>\d+) timeout", RegexOptions.Multiline)]
    private static partial Regex Requests();

    [GeneratedRegex(@"^status codes: (?<ok>\d+) 2xx", RegexOptions.Multiline)]
    private static partial Regex StatusCodes();

    [GeneratedRegex(@"^traffic: .* \((?<data>\d+)\) data", RegexOptions.Multiline)]
    private static partial Regex Traffic();

    [GeneratedRegex(@"^time for request:\s+\S+\s+\S+\s+(?<mean>[\d.]+[um]?s)\s", RegexOptions.Multiline)]
    private static partial Regex Latency();
}
