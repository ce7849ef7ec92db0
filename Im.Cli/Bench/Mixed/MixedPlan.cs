namespace Im.Cli.Bench.Mixed;

/// <summary>Four kinds of work at the same time, each at a rate of its own; a rate of 0 leaves one out.</summary>
/// <param name="SendsPerSecond">Durable messages, one to one and in small rooms, of <paramref name="Senders"/> senders.</param>
/// <param name="BroadcastsPerSecond">Ephemeral messages into one room of <paramref name="Members"/>.</param>
/// <param name="PushesPerSecond">gRPC pushes to <paramref name="Users"/> users who are online.</param>
/// <param name="ReconnectsPerSecond">Clients that are cut and come back.</param>
internal sealed record MixedPlan(
    int SendsPerSecond,
    int Senders,
    int BroadcastsPerSecond,
    int Members,
    int PushesPerSecond,
    int Users,
    int ReconnectsPerSecond,
    int SizeBytes,
    TimeSpan Time)
{
    /// <summary>Clients that come back, each once.</summary>
    public int Returning => (int)(ReconnectsPerSecond * Time.TotalSeconds);

    /// <summary>Connections of all together.</summary>
    public int Connections =>
        (SendsPerSecond > 0 ? Senders : 0) + (BroadcastsPerSecond > 0 ? Members + 1 : 0) + (PushesPerSecond > 0 ? Users : 0) + Returning;
}
