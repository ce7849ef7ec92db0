namespace Im.Node.Lifetime;

/// <summary>What a stop may take, in the order of its phases: drain, flush, HTTP, actors. In all at most 25 s, less than the 30 s after which supervisors kill.</summary>
internal static class StopBudget
{
    /// <summary>After the paced closes: until the last close frames have left.</summary>
    public static readonly TimeSpan Flush = TimeSpan.FromSeconds(2);

    /// <summary>For HTTP requests under way, after the drain.</summary>
    public static readonly TimeSpan Requests = TimeSpan.FromSeconds(3);

    /// <summary>The process ends then, whatever is left.</summary>
    public static readonly TimeSpan Whole = TimeSpan.FromSeconds(25);
}
