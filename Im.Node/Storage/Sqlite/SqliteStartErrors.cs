using Im.Node.Configuration;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Im.Node.Storage.Sqlite;

/// <summary>What an operator can do about a store file that cannot be opened.</summary>
internal static class SqliteStartErrors
{
    public static StartupException Damaged(string path, string what) =>
        new(ExitCodes.Storage, $"{path} is damaged ({what}): keep a copy of it, then put back a backup with im restore <file> --data {Path.GetDirectoryName(path)}");

    public static StartupException? Explain(Exception failure, string path) => Code(failure) switch
    {
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => Damaged(path, OneLine(failure.Message)),
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH =>
            new(ExitCodes.Storage, $"{path} cannot be written: give this user the right to write to it and to its directory, or set Im__DataDirectory"),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            new(ExitCodes.Storage, $"{path} is locked by another program: end it, or set Im__DataDirectory"),
        raw.SQLITE_FULL =>
            new(ExitCodes.Storage, $"{path} cannot grow: no space is left on its disk; make room, or set Im__DataDirectory to another disk"),
        raw.SQLITE_IOERR =>
            new(ExitCodes.Storage, $"{path} cannot be read or written ({OneLine(failure.Message)}): look at the disk, or set Im__DataDirectory to another one"),
        _ => null,
    };

    private static int? Code(Exception failure) => failure switch
    {
        SqliteFailure own => own.PrimaryCode,
        SqliteException library => library.SqliteErrorCode,
        _ => null,
    };

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
