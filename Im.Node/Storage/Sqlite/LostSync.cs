using Im.Node.Configuration;

namespace Im.Node.Storage.Sqlite;

/// <summary>
/// The end of a process whose store could not be synced. The system may have dropped what it was to write and would read back
/// what it still caches, so the next start copies the files before it trusts them (<see cref="StoreFiles.LostSyncMark"/>).
/// </summary>
internal sealed partial class LostSync(StoreSettings settings, ILogger<LostSync> logger)
{
    public void OnLostSync(SqliteFailure failure)
    {
        LogLostSync(failure.Message);
        try
        {
            File.WriteAllText(Path.Combine(settings.DataDirectory, StoreFiles.LostSyncMark), failure.Message);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            LogNoMark(refused.Message);
        }

        Environment.Exit(ExitCodes.LostSync);
    }

    [LoggerMessage(LogLevel.Critical, "The message store could not be synced ({Failure}): this process ends, the next start copies the store before it serves")]
    private partial void LogLostSync(string failure);

    [LoggerMessage(LogLevel.Critical, "The mark of it could not be written: {Failure}")]
    private partial void LogNoMark(string failure);
}
