using System.Net.Sockets;
using Im.Node.Configuration;
using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>What an operator can do about a PostgreSQL that cannot be used. The password is never shown.</summary>
internal static class PostgresStartErrors
{
    private const string Setting = "Im:Storage:ConnectionString";
    private const string Remedy = "Im__Storage__ConnectionString";

    public static StartupException? Explain(Exception failure, string connectionString)
    {
        var asked = new NpgsqlConnectionStringBuilder(connectionString);
        var server = $"{asked.Host}:{asked.Port}";
        return failure switch
        {
            PostgresException refused => Refused(refused, asked, server),
            _ when Chain(failure).OfType<SocketException>().FirstOrDefault() is { } socket => Line($"{Setting} names {server}, which cannot be reached ({socket.Message}): start PostgreSQL there, or set {Remedy}"),
            _ when Chain(failure).Any(inner => inner is TimeoutException) => Line($"{Setting} names {server}, which does not answer: start PostgreSQL there, or set {Remedy}"),
            NpgsqlException => Line($"{Setting} names {server}, which cannot be used ({failure.Message.ReplaceLineEndings(" ")}): set {Remedy}"),
            _ => null,
        };
    }

    private static StartupException Refused(PostgresException failure, NpgsqlConnectionStringBuilder asked, string server) => failure.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            Line($"{Setting} logs in to {server} as \"{asked.Username}\", which was refused: correct Username and Password in {Remedy}"),
        PostgresErrorCodes.InvalidCatalogName =>
            Line($"{Setting} names the database \"{asked.Database}\", which {server} does not have: create it (createdb {asked.Database}), or set {Remedy}"),
        PostgresErrorCodes.InsufficientPrivilege =>
            Line($"{Setting} logs in to {server} as \"{asked.Username}\", who may not create tables in \"{asked.Database}\": make this user the owner of the database, or set {Remedy}"),
        PostgresErrorCodes.TooManyConnections =>
            Line($"{Setting} names {server}, which has no connection left: raise max_connections there, or lower Im__Storage__WritersCount and Im__Storage__ReadersCount"),
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            Line($"{Setting} names {server}, which is read-only: name the primary in {Remedy}"),
        _ => Line($"{Setting} names {server}, database \"{asked.Database}\", which cannot be used ({failure.MessageText.ReplaceLineEndings(" ")}): set {Remedy}"),
    };

    private static StartupException Line(string line) => new(ExitCodes.Storage, line);

    private static IEnumerable<Exception> Chain(Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException) yield return inner;
    }
}
