using System.Net.Sockets;
using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>What a failure of PostgreSQL or of the way to it means.</summary>
internal static class PostgresFailures
{
    /// <summary>Of the store, not of our code.</summary>
    public static bool IsStore(Exception failure) => failure is NpgsqlException or SocketException or IOException or TimeoutException;

    /// <summary>The statement was refused for its data (classes 22, 23, 54): the same would be refused again.</summary>
    public static bool IsData(Exception failure) =>
        failure is PostgresException { SqlState: var state } && (state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal) || state.StartsWith("54", StringComparison.Ordinal));

    /// <summary>Another transaction holds a row for longer than we wait, or waits for ours.</summary>
    public static bool IsContention(Exception failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <summary>The server refused and has undone the transaction; the session goes on.</summary>
    public static bool IsRefusal(Exception failure) => failure is PostgresException { Severity: "ERROR" };

    /// <summary>No answer came in time.</summary>
    public static bool IsTimeout(Exception failure) =>
        failure is TimeoutException || failure.InnerException is TimeoutException || failure is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled };

    /// <summary>The number or the row of a conversation was there already: somebody else owns it.</summary>
    public static bool IsTaken(Exception failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "conversation_key" or "message_key" };
}
