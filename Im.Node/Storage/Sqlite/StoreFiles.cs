namespace Im.Node.Storage.Sqlite;

/// <summary>Names of the embedded store's files in the data directory.</summary>
internal static class StoreFiles
{
    public const string Database = "im.db";

    /// <summary>Left by a process whose store could not be synced; removed once the store has been copied.</summary>
    public const string LostSyncMark = "im.db.lost-sync";
}
