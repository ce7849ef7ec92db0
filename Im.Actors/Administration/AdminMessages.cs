using Im.Actors.Messages;

namespace Im.Actors.Administration;

/// <summary>What operators ask a node; answered by its NodeAdminActor.</summary>
public static class AdminQueries
{
    public sealed record GetReport : IClusterMessage;
}

public static class AdminCommands
{
    /// <summary>Let go of all clients, leave the cluster and end. Answered once it has begun.</summary>
    /// <param name="Restart">The process is to be started again.</param>
    public sealed record Drain(bool Restart) : IClusterMessage;
}

public static class AdminAnswers
{
    public sealed record Report(NodeReport Node) : IClusterMessage;

    /// <param name="IsNew">False: it drained already.</param>
    public sealed record Draining(bool IsNew) : IClusterMessage;
}
