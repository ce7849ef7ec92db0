using System.ComponentModel.DataAnnotations;

namespace Im.Node.Configuration;

internal enum StorageProvider
{
    /// <summary>One file in the data directory; for one node.</summary>
    Sqlite,

    /// <summary>A server that the nodes of a cluster share.</summary>
    Postgres,
}

/// <summary>Where conversations are kept, and for how long.</summary>
internal sealed record StorageOptions
{
    public StorageProvider Provider { get; init; } = StorageProvider.Sqlite;

    /// <summary>Of PostgreSQL, as <c>Host=db;Username=im;Password=…;Database=im</c>. Never logged.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Appends that wait for their commit; the next one is answered 1016 at once.</summary>
    [Range(64, 1_000_000)]
    public int QueueMaxPartsCount { get; init; } = 8_192;

    /// <summary>Bytes of those appends; the same rule.</summary>
    [Range(1024 * 1024, 1024 * 1024 * 1024)]
    public int QueueMaxBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Reads at the same time; others wait, at most 1,024, then 1016.</summary>
    [Range(1, 64)]
    public int ReadersCount { get; init; } = 8;

    /// <summary>Connections of PostgreSQL that commit, one after the other unless one takes long.</summary>
    [Range(1, 32)]
    public int WritersCount { get; init; } = 4;

    public StorageRetentionOptions Retention { get; init; } = new();
}

/// <summary>After how long records go. Only the oldest of a conversation go; clients see its <c>first</c> move.</summary>
internal sealed record StorageRetentionOptions
{
    [Range(typeof(TimeSpan), "00:01:00", "36500.00:00:00")]
    public TimeSpan RoomAge { get; init; } = TimeSpan.FromDays(7);

    [Range(100, 100_000_000)]
    public int RoomMaxRecordsCount { get; init; } = 10_000;

    /// <summary>Of groups and one-to-one conversations.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "36500.00:00:00")]
    public TimeSpan GroupAge { get; init; } = TimeSpan.FromDays(365);

    [Range(typeof(TimeSpan), "00:01:00", "36500.00:00:00")]
    public TimeSpan InboxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How often what may go is looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromMinutes(1);
}
