using System.Reflection;

namespace Im.Node.Storage;

/// <summary>The statements that give a store a new generation; the command line tool has the same.</summary>
internal static class RenewScript
{
    public static string Sqlite { get; } = Read("Sqlite");

    public static string Postgres { get; } = Read("Postgres");

    private static string Read(string provider)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Im.Node.Storage.{provider}.Generation.renew.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
