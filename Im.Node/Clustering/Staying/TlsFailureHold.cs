using Akka;
using Akka.Actor;

namespace Im.Node.Clustering.Staying;

/// <summary>
/// Keeps a healthy node up when a TLS handshake that it began fails. Akka's transport starts the coordinated shutdown then, and a
/// handshake fails for no fault of ours: the peer is killed in the middle of it, or somebody else has its port. The shutdown
/// cannot be refused, but its first phase waits for what this task returns: it goes on when the node is really asked to stop.
/// Without the peer the node is where it would be if the connection had been refused.
/// </summary>
internal static class TlsFailureHold
{
    /// <summary>The transport's reason; the type is not public.</summary>
    private const string Reason = "TlsHandshakeFailureReason";

    public static void Install(ActorSystem system, CancellationToken stopping)
    {
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "im-tls-failure-hold", () => HoldAsync(shutdown, stopping));
    }

    private static async Task<Done> HoldAsync(CoordinatedShutdown shutdown, CancellationToken stopping)
    {
        if (shutdown.ShutdownReason.GetType().Name != Reason) return Done.Instance;
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var registration = stopping.Register(stop.SetResult);
        await using (registration.ConfigureAwait(false)) await stop.Task.ConfigureAwait(false);
        return Done.Instance;
    }
}
