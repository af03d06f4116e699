using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Quorate.Core.Tests;

/// <summary>How properties are checked, and generators that many of them share.</summary>
internal static class Properties
{
    /// <summary>Runs every property this many times as often: <c>PROPERTY_FACTOR=100 dotnet test …</c> for a long search.</summary>
    private static readonly int Factor =
        int.TryParse(Environment.GetEnvironmentVariable("PROPERTY_FACTOR"), NumberStyles.None, CultureInfo.InvariantCulture, out var factor) && factor > 0
            ? factor
            : 1;

    /// <summary>Checks a property on generated values. A failure names the value, shrunk, and the seed.</summary>
    public static void Hold<T>(Gen<T> values, Action<T> property, int times = 300) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(times * Factor), Prop.ForAll(values.ToArbitrary(), property));

    public static Gen<long> Longs { get; } = Gen.OneOf(
        Gen.Choose(-3, 300).Select(value => (long)value),
        ArbMap.Default.GeneratorFor<long>(),
        Gen.Elements(long.MinValue, long.MaxValue, int.MaxValue, 127, 128, 16383, 16384));

    public static Gen<string> Texts { get; } =
        Gen.OneOf(Gen.Elements("", "a", "a/b", "ключ", "\u0000", "🙂🙂"), ArbMap.Default.GeneratorFor<NonNull<string>>().Select(Printable));

    public static Gen<byte[]> Blobs { get; } = ArbMap.Default.GeneratorFor<byte[]>().Select(bytes => bytes ?? []);

    public static Gen<T?> OrNull<T>(Gen<T> values)
        where T : struct => Gen.OneOf(Gen.Constant<T?>(null), values.Select(value => (T?)value));

    public static Gen<string?> OrNull(Gen<string> values) => Gen.OneOf(Gen.Constant<string?>(null), values.Select(value => (string?)value));

    // A lone surrogate has no UTF-8.
    private static string Printable(NonNull<string> text) => new([.. text.Get.Where(character => !char.IsSurrogate(character))]);
}
