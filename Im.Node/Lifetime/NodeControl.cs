using System.Globalization;
using Im.Actors;
using Im.Actors.Administration;
using Im.Node.Configuration;
using Im.Node.Health;

namespace Im.Node.Lifetime;

/// <summary>This process, as operators see and order it.</summary>
internal sealed partial class NodeControl(NodeReadiness readiness, ImActors actors, IHostApplicationLifetime lifetime, ILogger<NodeControl> logger) : INodeControl
{
    private int _ordered = ExitCodes.Stopped;

    /// <summary>With what the process ends once it has stopped: as it was ordered first.</summary>
    public int ExitCode => Volatile.Read(ref _ordered);

    public NodeCondition Condition
    {
        get
        {
            var drain = actors.Hub.Drain;
            var reason = readiness.Reason;
            return new NodeCondition(readiness.IsReady, drain is { Left: > 0 } ? string.Create(CultureInfo.InvariantCulture, $"{reason}: {drain.Left:N0} of {drain.Total:N0} connections left") : reason, drain);
        }
    }

    public bool BeginDrain(bool restart)
    {
        var code = restart ? ExitCodes.DrainedForRestart : ExitCodes.Drained;
        if (readiness.IsDraining || lifetime.ApplicationStopping.IsCancellationRequested || Interlocked.CompareExchange(ref _ordered, code, ExitCodes.Stopped) != ExitCodes.Stopped) return false;
        readiness.BeginDrain();
        LogOrdered(code);

        // Not on the caller's thread: what listens to the stop is called by it.
        ThreadPool.UnsafeQueueUserWorkItem(static host => host.StopApplication(), lifetime, preferLocal: false);
        return true;
    }

    [LoggerMessage(LogLevel.Information, "Draining by order of the server API; this process ends with {ExitCode} then")]
    private partial void LogOrdered(int exitCode);
}
