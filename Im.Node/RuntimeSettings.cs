namespace Im.Node;

internal static class RuntimeSettings
{
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Must run before the first socket is made, because the runtime reads it once. Completions of sockets then run on the
    /// thread that polls them, not behind our own work on the thread pool: measured with 16,000 queued items, a healthy node
    /// looked dead to its peers within 5 s without it. An operator's own value stays.
    /// </summary>
    public static void Apply()
    {
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null) Environment.SetEnvironmentVariable(InlineCompletions, "1");
    }
}
