using System.Numerics;

namespace Quorate.Gateway.Cache;

/// <summary>
/// Roughly how often keys were asked for lately, in a few bits per key: a count-min sketch of 4-bit counters, four per key, all halved from time to
/// time so that old fame fades (Einziger, Friedman and Manes, "TinyLFU: A Highly Efficient Cache Admission Policy", 2017).
/// </summary>
internal sealed class FrequencySketch
{
    private const int Rows = 4;
    private const int CountersPerWord = 16;
    private const ulong HighBits = 0x7777_7777_7777_7777;

    // What is counted before everything is halved, as a multiple of the counters.
    private const int SampleFactor = 4;

    private static readonly ulong[] Seeds = [0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F, 0xCBF29CE484222325];

    private readonly ulong[] _words;
    private readonly int _sampleSize;
    private int _counted;

    /// <param name="keys">Keys among which frequencies shall be told apart; 16 or more.</param>
    public FrequencySketch(int keys)
    {
        _words = new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(keys, CountersPerWord)) / 4];
        _sampleSize = _words.Length * 4 * SampleFactor;
    }

    /// <summary>The same in every process, so that measurements can be repeated: FNV-1a with a final mix.</summary>
    public static ulong Hash(string key)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in key)
        {
            hash = (hash ^ character) * 1099511628211;
        }

        hash ^= hash >> 32;
        hash *= 0x9FB21C651E98DF25;
        return hash ^ (hash >> 28);
    }

    /// <returns>0 to 15.</returns>
    public int Estimate(ulong hash)
    {
        var least = 15;
        for (var row = 0; row < Rows; row++)
        {
            var (word, shift) = Locate(hash, row);
            least = Math.Min(least, (int)((_words[word] >> shift) & 15));
        }

        return least;
    }

    public void Count(ulong hash)
    {
        var added = false;
        for (var row = 0; row < Rows; row++)
        {
            var (word, shift) = Locate(hash, row);
            if (((_words[word] >> shift) & 15) < 15)
            {
                _words[word] += 1UL << shift;
                added = true;
            }
        }

        if (added && ++_counted >= _sampleSize)
        {
            Fade();
        }
    }

    private void Fade()
    {
        for (var i = 0; i < _words.Length; i++)
        {
            _words[i] = (_words[i] >> 1) & HighBits;
        }

        _counted /= 2;
    }

    private (int Word, int Shift) Locate(ulong hash, int row)
    {
        var mixed = (hash + Seeds[row]) * Seeds[row];
        mixed ^= mixed >> 32;
        return ((int)(mixed & (uint)(_words.Length - 1)), (int)((mixed >> 40) & 15) * 4);
    }
}
