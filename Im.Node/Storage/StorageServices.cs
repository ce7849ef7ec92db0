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
        services.AddSingleton(Settings(options, dataDirectory));
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

    private static StoreSettings Settings(ImOptions options, string dataDirectory) => new()
    {
        DataDirectory = dataDirectory,
        ConnectionString = options.Storage.Provider == StorageProvider.Postgres ? options.Storage.ConnectionString : null,
        QueueMaxPartsCount = options.Storage.QueueMaxPartsCount,
        QueueMaxBytes = options.Storage.QueueMaxBytes,
        ReadersCount = options.Storage.ReadersCount,
        WritersCount = options.Storage.WritersCount,
        Retention = Retention(options.Storage.Retention, options.Auth.Jwt),
    };

    private static RetentionPolicy Retention(StorageRetentionOptions options, JwtOptions tokens) => new()
    {
        RoomAge = options.RoomAge,
        RoomMaxRecordsCount = options.RoomMaxRecordsCount,
        GroupAge = options.GroupAge,
        InboxAge = options.InboxAge,
        TokenAge = tokens.TokenAge,
        SweepInterval = options.SweepInterval,
    };
}
