using Im.Actors.Telemetry;

namespace Im.Node.Clustering.Door;

/// <summary>Says who was refused on the cluster port: five lines in ten seconds, however many come. All are counted.</summary>
internal sealed partial class RefusalLog(TimeProvider time, ILogger<RefusalLog> logger)
{
    internal const int LinesMaxCount = 5;

    internal static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _start = time.GetTimestamp();
    private int _lines;
    private int _unsaid;

    /// <param name="peer">Its address and port.</param>
    /// <param name="why">What continues "Refused … on the cluster port: ".</param>
    public void Report(string peer, string why)
    {
        ImMetrics.NodeRefused();
        int unsaid;
        lock (_lock)
        {
            if (time.GetElapsedTime(_start) >= Window) (_start, _lines) = (time.GetTimestamp(), 0);
            if (++_lines > LinesMaxCount)
            {
                _unsaid++;
                return;
            }

            (unsaid, _unsaid) = (_unsaid, 0);
        }

        if (unsaid > 0) LogUnsaid(logger, unsaid);
        LogRefused(logger, peer, why);
    }

    [LoggerMessage(LogLevel.Warning, "Refused {Peer} on the cluster port: {Why}")]
    private static partial void LogRefused(ILogger logger, string peer, string why);

    [LoggerMessage(LogLevel.Warning, "Refused {Count} more on the cluster port, without a line for each")]
    private static partial void LogUnsaid(ILogger logger, int count);
}
