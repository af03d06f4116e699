using System.Text.Json;

namespace Quorate.Core.StateMachine.Transactions;

/// <summary>Compares JSON by what it says and not by how it is spaced.</summary>
internal static class JsonTokens
{
    /// <summary>Whether two texts have the same tokens: texts after escapes are resolved, numbers by their digits, members in their order.</summary>
    public static bool Equal(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.SequenceEqual(right))
        {
            return true;
        }

        try
        {
            var a = new Utf8JsonReader(left);
            var b = new Utf8JsonReader(right);
            while (a.Read())
            {
                if (!b.Read() || !SameToken(ref a, ref b))
                {
                    return false;
                }
            }

            return !b.Read();
        }
        catch (JsonException)
        {
            // Whatever is stored is compared as it is; what is no JSON is equal to nothing but itself.
            return false;
        }
    }

    private static bool SameToken(ref Utf8JsonReader a, ref Utf8JsonReader b)
    {
        if (a.TokenType != b.TokenType)
        {
            return false;
        }

        return a.TokenType switch
        {
            JsonTokenType.String or JsonTokenType.PropertyName when a.ValueIsEscaped || b.ValueIsEscaped => SameText(ref a, ref b),
            JsonTokenType.String or JsonTokenType.PropertyName or JsonTokenType.Number => a.ValueSpan.SequenceEqual(b.ValueSpan),
            _ => true,
        };
    }

    private static bool SameText(ref Utf8JsonReader a, ref Utf8JsonReader b)
    {
        try
        {
            return a.GetString() == b.GetString();
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
