namespace Im.Protocol.Names;

/// <summary>The closed list of platforms a login may name, in their wire form.</summary>
public static class Platform
{
    public const string Web = "web";

    private static readonly string[] Known = ["ios", "android", Web, "desktop", "mini", "bot", "server"];

    public static IReadOnlyList<string> All => Known;

    /// <summary>The interned name, or null when unknown; interning keeps one string for all connections.</summary>
    public static string? Find(string? text) => Array.Find(Known, known => known == text);
}
