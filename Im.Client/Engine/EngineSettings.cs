namespace Im.Client.Engine;

/// <param name="TellsPushes">Raises <see cref="ImPushed"/>.</param>
/// <param name="WallClock">Unix milliseconds.</param>
/// <param name="Random">0 to 1, for jitter.</param>
internal sealed record EngineSettings(
    uint App, string? User, string Device, string Platform, int MaxQueued, int MaxUnanswered, long RequestTimeoutMs, long ConnectTimeoutMs, bool HasTokens, bool TellsPushes, Func<long> WallClock, Func<double> Random);
