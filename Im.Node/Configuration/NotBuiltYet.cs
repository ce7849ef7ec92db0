namespace Im.Node.Configuration;

/// <summary>Settings of parts that do not exist yet: said so, because ignoring them would promise what is not kept.</summary>
internal static class NotBuiltYet
{
    private static readonly (string Prefix, string Instead)[] Parts =
    [
        ("Im:Sessions", "its values are fixed"),
        ("Im:Tls", "TLS ends at a proxy in front"),
    ];

    /// <summary>The error for a key of such a part, or null for any other key.</summary>
    public static string? Explain(string key)
    {
        foreach (var (prefix, instead) in Parts)
        {
            if (key.Equals(prefix, StringComparison.OrdinalIgnoreCase) || key.StartsWith(prefix + ":", StringComparison.OrdinalIgnoreCase))
                return $"{key} is not built yet ({instead}); remove {OptionEntry.EnvironmentNameOf(key)}";
        }

        return null;
    }
}
