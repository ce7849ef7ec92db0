namespace Im.Cli.Bench.Room;

/// <summary>The one sender of a small room is the bench's clock: a node's limit of commands a second would be what is measured.</summary>
internal static class SenderLimits
{
    private const string CommandsPerSecond = "Im__WebSocket__CommandsPerSecond";

    /// <summary>What lifts the limit of a node that is started for the run; one that the caller's environment sets stays as it is.</summary>
    public static IReadOnlyList<(string Name, string Value)> Lifted(Func<string, string?> environment) =>
        environment(CommandsPerSecond) is null ? [(CommandsPerSecond, "1000000")] : [];
}
