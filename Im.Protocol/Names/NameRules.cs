using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Im.Protocol.Names;

/// <summary>What protocol names may hold; one place, so that every entrance refuses the same.</summary>
internal static class NameRules
{
    /// <summary>1 to <paramref name="maxBytes"/> bytes of UTF-8, well formed, no control characters.</summary>
    public static bool IsName([NotNullWhen(true)] string? text, int maxBytes)
    {
        if (string.IsNullOrEmpty(text) || text.Length > maxBytes) return false;
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune)) return false;
            bytes += rune.Utf8SequenceLength;
        }

        // A lone surrogate enumerates as U+FFFD; the text itself does not hold that rune then.
        return bytes <= maxBytes && !HasLoneSurrogate(text);
    }

    /// <summary>Letters, digits and <c>_.:-</c>: device ids and cids.</summary>
    public static bool IsToken([NotNullWhen(true)] string? text, int minLength, int maxLength)
    {
        if (text is null || text.Length < minLength || text.Length > maxLength) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or ':' or '-')) return false;
        }

        return true;
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return true;
            i++;
        }

        return false;
    }
}
