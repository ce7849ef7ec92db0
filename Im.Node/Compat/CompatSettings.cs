namespace Im.Node.Compat;

/// <summary>What the seed's API needs to know of the node's configuration.</summary>
internal sealed record CompatSettings
{
    /// <summary>True: no API key is asked for, which is for guest mode on loopback alone.</summary>
    public required bool Open { get; init; }

    /// <summary>How users log in, <c>guest</c> or <c>jwt</c>; the page is told.</summary>
    public string Mode { get; init; } = "guest";

    public IReadOnlyList<uint> Apps { get; init; } = [101, 102, 103, 104];

    /// <summary>Longest text of a message in bytes of UTF-8.</summary>
    public int MaxTextBytes { get; init; } = 16 * 1024;
}
