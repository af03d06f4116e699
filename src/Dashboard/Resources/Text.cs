using System.Globalization;
using System.Resources;

namespace Quorate.Dashboard.Resources;

/// <summary>The words of one circuit, in its own language; independent of the process's and the thread's culture.</summary>
public sealed class Text
{
    public const string English = "en";
    public const string Chinese = "zh";

    private static readonly ResourceManager EnglishWords = Words("Strings");
    private static readonly ResourceManager ChineseWords = Words("Strings.zh");

    private ResourceManager _words = EnglishWords;

    /// <summary><see cref="English"/> or <see cref="Chinese"/>; anything else becomes English.</summary>
    public string Language
    {
        get => _words == ChineseWords ? Chinese : English;
        set => _words = value == Chinese ? ChineseWords : EnglishWords;
    }

    /// <summary>The text of a key; a key that has none is shown itself, where a test and a reader will notice it.</summary>
    public string this[string key] => _words.GetString(key, CultureInfo.InvariantCulture) ?? key;

    public string this[string key, params object?[] arguments] =>
        string.Format(CultureInfo.InvariantCulture, this[key], arguments);

    /// <summary>Picks <c>key.one</c> or <c>key.other</c>; the number is argument 0.</summary>
    public string Count(string key, long number, params object?[] more) =>
        this[number == 1 ? $"{key}.one" : $"{key}.other", [Model.Format.Number(number), .. more]];

    /// <summary>The words for a value of the contract; one that a newer gateway invented is shown as it is.</summary>
    public string Word(string group, string value) => _words.GetString($"{group}.{value}", CultureInfo.InvariantCulture) ?? value;

    private static ResourceManager Words(string name) => new($"{typeof(Text).Namespace}.{name}", typeof(Text).Assembly);
}
