using System.Diagnostics.CodeAnalysis;

namespace Im.Protocol.Names;

/// <summary>
/// A user inside one app: 1–64 bytes of UTF-8, no control characters, no <c>|</c> (it separates the two users of a
/// one-to-one conversation). Level 0 allows fewer bytes, see <see cref="MaxLevel0Bytes"/>.
/// </summary>
public readonly record struct UserId(string Value)
{
    public const int MaxBytes = 64;

    /// <summary>The seed refuses names of 20 bytes and more.</summary>
    public const int MaxLevel0Bytes = 19;

    public static bool TryParse([NotNullWhen(true)] string? text, out UserId user) =>
        TryParse(text, MaxBytes, out user);

    public static bool TryParse([NotNullWhen(true)] string? text, int maxBytes, out UserId user)
    {
        user = default;
        if (!NameRules.IsName(text, maxBytes) || text.Contains('|', StringComparison.Ordinal)) return false;
        user = new UserId(text);
        return true;
    }

    public override string ToString() => Value;
}
