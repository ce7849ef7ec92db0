using Im.Actors.Administration;

namespace Im.Actors.Serialization;

/// <summary>What operators ask a node, and the answers.</summary>
internal static class AdminMapping
{
    public static Wire.GetReport ToWire(AdminQueries.GetReport query) => new();

    public static AdminQueries.GetReport FromWire(Wire.GetReport wire, References references) => new();

    public static Wire.Drain ToWire(AdminCommands.Drain drain) => new() { Restart = drain.Restart };

    public static AdminCommands.Drain FromWire(Wire.Drain wire, References references) => new(wire.Restart);

    public static Wire.Draining ToWire(AdminAnswers.Draining draining) => new() { IsNew = draining.IsNew };

    public static AdminAnswers.Draining FromWire(Wire.Draining wire, References references) => new(wire.IsNew);

    public static Wire.NodeReport ToWire(AdminAnswers.Report report)
    {
        var node = report.Node;
        return new Wire.NodeReport
        {
            Node = node.Node,
            UptimeMs = (long)node.Uptime.TotalMilliseconds,
            IsReady = node.Condition.IsReady,
            Reason = node.Condition.Reason,
            Drain = node.Condition.Drain is { } drain ? new Wire.DrainProgress { Total = drain.Total, Left = drain.Left } : null,
            Connections = node.Connections,
            LoggedIn = node.LoggedIn,
            Sessions = node.Sessions,
            Conversations = node.Conversations,
            Shards = { node.Shards.ToDictionary() },
        };
    }

    public static AdminAnswers.Report FromWire(Wire.NodeReport wire, References references) => new(new NodeReport(
        wire.Node,
        TimeSpan.FromMilliseconds(wire.UptimeMs),
        new NodeCondition(wire.IsReady, wire.Reason, wire.Drain is { } drain ? new DrainProgress(drain.Total, drain.Left) : null),
        wire.Connections,
        wire.LoggedIn,
        wire.Sessions,
        wire.Conversations,
        wire.Shards.ToDictionary()));
}
