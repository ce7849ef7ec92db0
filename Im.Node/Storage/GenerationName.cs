using System.Security.Cryptography;

namespace Im.Node.Storage;

/// <summary>Names of store generations: 12 random letters and digits, never twice.</summary>
internal static class GenerationName
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string New() => RandomNumberGenerator.GetString(Alphabet, 12);
}
