using System.Reflection;
using System.Security.Cryptography;

namespace Im.Cli.Storage;

/// <summary>The statements that give a store a new generation, as the node has them.</summary>
internal static class RenewScript
{
    public static string NewGeneration() => RandomNumberGenerator.GetString("0123456789abcdefghjkmnpqrstvwxyz", 12);

    public static string Of(string provider)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{provider}/renew.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
