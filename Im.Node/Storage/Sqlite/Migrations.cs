using System.Reflection;
using DbUp;

namespace Im.Node.Storage.Sqlite;

/// <summary>Brings the schema up to date: numbered scripts, each once, in one transaction each.</summary>
internal static class Migrations
{
    public static void Apply(string path)
    {
        var result = DeployChanges.To.SqliteDatabase(SqliteDb.ConnectionString(path))
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(), name => name.Contains(".Storage.Sqlite.Scripts.", StringComparison.Ordinal))
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful) throw result.Error;
    }
}
