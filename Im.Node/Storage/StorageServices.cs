using Im.Actors.Conversations.Store;
using Im.Node.Configuration;
using Im.Node.Storage.Postgres;
using Im.Node.Storage.Retention;
using Im.Node.Storage.Sqlite;

namespace Im.Node.Storage;

internal static class StorageServices
{
    /// <summary>The message store. Registered before the actor system: opened before it starts, closed after it has stopped.</summary>
    /// <param name="dataDirectory">Absolute.</param>
    public static IServiceCollection AddImStorage(this IServiceCollection services, ImOptions options, string dataDirectory)
    {
        services.AddSingleton(Settings(options.Storage, dataDirectory));
        services.AddSingleton<LostSync>();
        services.AddSingleton<MessageStore>(options.Storage.Provider == StorageProvider.Postgres ? Postgres : Sqlite);
        services.AddSingleton<IMessageStore>(provider => provider.GetRequiredService<MessageStore>());
        services.AddHostedService<StorageLifetime>();
        return services;
    }

    private static SqliteMessageStore Sqlite(IServiceProvider provider) => new SqliteMessageStore(
        provider.GetRequiredService<StoreSettings>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<MessageStore>>(),
        provider.GetRequiredService<LostSync>().OnLostSync);

    private static PostgresMessageStore Postgres(IServiceProvider provider) => new PostgresMessageStore(
        provider.GetRequiredService<StoreSettings>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<MessageStore>>());

    private static StoreSettings Settings(StorageOptions options, string dataDirectory) => new()
    {
        DataDirectory = dataDirectory,
        ConnectionString = options.Provider == StorageProvider.Postgres ? options.ConnectionString : null,
        QueueMaxPartsCount = options.QueueMaxPartsCount,
        QueueMaxBytes = options.QueueMaxBytes,
        ReadersCount = options.ReadersCount,
        WritersCount = options.WritersCount,
        Retention = new RetentionPolicy
        {
            RoomAge = options.Retention.RoomAge,
            RoomMaxRecordsCount = options.Retention.RoomMaxRecordsCount,
            GroupAge = options.Retention.GroupAge,
            InboxAge = options.Retention.InboxAge,
            SweepInterval = options.Retention.SweepInterval,
        },
    };
}
