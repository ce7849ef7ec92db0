namespace Im.Node.Configuration;

/// <summary>A setting that does not exist is refused, because a misspelt one would silently do nothing.</summary>
internal static class UnknownKey
{
    public static string Explain(string key)
    {
        var nearest = Nearest(key);
        return nearest is null
            ? $"{key} is unknown; remove {OptionEntry.EnvironmentNameOf(key)} (docs/configuration.md lists every setting)"
            : $"{key} is unknown; did you mean {nearest}? Set {OptionEntry.EnvironmentNameOf(nearest)} instead of {OptionEntry.EnvironmentNameOf(key)}";
    }

    /// <summary>The known key that takes the fewest edits, or null when none is similar.</summary>
    private static string? Nearest(string key)
    {
        var whole = OptionCatalog.All.FirstOrDefault(entry => key.StartsWith(entry.Key + ":", StringComparison.OrdinalIgnoreCase));
        if (whole is not null) return whole.Key;
        var (best, distance) = OptionCatalog.All
            .Select(entry => (entry.Key, Distance: Edits(key.ToLowerInvariant(), entry.Key.ToLowerInvariant())))
            .MinBy(candidate => candidate.Distance);
        return distance <= Math.Max(3, key.Length / 3) ? best : null;
    }

    /// <summary>Levenshtein distance, one row at a time.</summary>
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var substitution = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
