using System.Text.Json;

namespace Im.Client.Engine;

/// <summary>When an online connection is due for a heartbeat, given up for its silence, or left because its node goes away.</summary>
internal sealed class Liveness
{
    /// <summary>A node that goes away answers what is under way for so long after its time.</summary>
    private const long AnswersWithinMs = 2_000;

    private long _intervalMs;
    private long _timeoutMs = long.MaxValue;
    private long _heardAt;
    private bool _isHeld;
    private long _goneBy = long.MaxValue;

    public long HeartbeatAt { get; private set; } = long.MaxValue;

    /// <summary>From then on nothing new is sent to a node that goes away; it is left once nothing is unanswered, at the latest at <see cref="GoneBy"/>.</summary>
    public long GoAwayAt { get; private set; } = long.MaxValue;

    public long GoneBy => _goneBy;

    public long SilenceLimit => _isHeld || _timeoutMs == long.MaxValue ? long.MaxValue : _heardAt + _timeoutMs;

    public bool IsLeaving(long now) => now >= GoAwayAt;

    /// <param name="heartbeat">What the login's answer says of it.</param>
    public void LoggedIn(JsonElement heartbeat, long now)
    {
        _intervalMs = Math.Max(1000, heartbeat.Number("intervalMs") ?? 30_000);
        _timeoutMs = Math.Max(_intervalMs, heartbeat.Number("timeoutMs") ?? 75_000);
        HeartbeatAt = now + Math.Max(0, heartbeat.Number("firstMs") ?? _intervalMs);
        GoAwayAt = long.MaxValue;
    }

    public void Heard(long now)
    {
        _heardAt = now;
        _isHeld = false;
    }

    public void Beat(long now) => HeartbeatAt = now + _intervalMs;

    /// <summary>Silence means nothing until something is heard.</summary>
    public void Hold(bool isHeld) => _isHeld = isHeld;

    /// <param name="share">Of the time, at random: so that the clients of a node do not all come to another one at once.</param>
    public void GoAway(long afterMs, double share, long now)
    {
        GoAwayAt = now + (long)(share * afterMs);
        _goneBy = now + afterMs + AnswersWithinMs;
    }

    public void Disconnected()
    {
        GoAwayAt = long.MaxValue;
        _isHeld = false;
    }
}
