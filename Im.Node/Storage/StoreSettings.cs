using Im.Node.Storage.Retention;

namespace Im.Node.Storage;

/// <summary>What a store needs to know of the node's options.</summary>
internal sealed record StoreSettings
{
    /// <summary>Absolute path of the data directory: the SQLite file, and the marks of either provider.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Of PostgreSQL; null for the embedded file.</summary>
    public string? ConnectionString { get; init; }

    public int QueueMaxPartsCount { get; init; } = 8_192;

    public int QueueMaxBytes { get; init; } = 32 * 1024 * 1024;

    public int ReadersCount { get; init; } = 8;

    /// <summary>Connections of PostgreSQL that commit, one after the other unless one takes long.</summary>
    public int WritersCount { get; init; } = 4;

    public RetentionPolicy Retention { get; init; } = new();
}
