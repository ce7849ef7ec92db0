using Npgsql;

namespace Im.Node.Configuration;

/// <summary>What must hold between the settings of the message store.</summary>
internal static class StorageRules
{
    private const string Example = "Host=db;Username=im;Password=…;Database=im";

    public static IEnumerable<string> Check(StorageOptions storage)
    {
        var hasConnection = !string.IsNullOrWhiteSpace(storage.ConnectionString);
        if (storage.Provider == StorageProvider.Postgres && !hasConnection)
            yield return $"Im:Storage:Provider is postgres and Im:Storage:ConnectionString is not set: set Im__Storage__ConnectionString to {Example}";
        if (storage.Provider == StorageProvider.Sqlite && hasConnection)
            yield return "Im:Storage:ConnectionString is set and Im:Storage:Provider is sqlite, which has none: set Im__Storage__Provider=postgres, or remove Im__Storage__ConnectionString";
        if (storage.Provider == StorageProvider.Postgres && hasConnection && Unreadable(storage.ConnectionString!) is { } why)
            yield return $"Im:Storage:ConnectionString cannot be read ({why}): write it as {Example}; set Im__Storage__ConnectionString";
    }

    /// <summary>Names what is wrong, never the text itself: it may hold a password.</summary>
    private static string? Unreadable(string text)
    {
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(text);
            return string.IsNullOrEmpty(parsed.Host) ? "Host is missing" : null;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            return "a keyword is unknown, or a value has the wrong form";
        }
    }
}
