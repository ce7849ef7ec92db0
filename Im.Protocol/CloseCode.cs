namespace Im.Protocol;

/// <summary>WebSocket close codes that the server sends. What a client does follows from the class, see <see cref="CloseCodes.Advice"/>.</summary>
public enum CloseCode
{
    Normal = 1000,
    GoingAway = 1001,
    ProtocolError = 1002,

    /// <summary>No close frame carried a code (RFC 6455 §7.4.1); never sent.</summary>
    NoStatus = 1005,

    /// <summary>The socket ended without a close frame; never sent.</summary>
    Abnormal = 1006,
    InvalidPayload = 1007,
    TooBig = 1009,
    InternalError = 1011,
    ServiceRestart = 1012,
    TryLater = 1013,
    Protocol = 4000,
    LoginTimeout = 4001,
    InvalidToken = 4002,
    Revoked = 4003,
    OriginRefused = 4004,
    KickedByOperator = 4005,
    ReplacedByLogin = 4006,
    VersionUnsupported = 4008,
    TooManySessions = 4009,
    Overloaded = 4100,
    RateExceeded = 4101,
    NodeFull = 4102,
    HeartbeatTimeout = 4103,
    AuthUnavailable = 4104,
    Drain = 4200,
    TokenExpired = 4202,
    SlowReader = 4203,
    SessionMoved = 4204,
}

/// <summary>What a client does after a close.</summary>
public enum CloseAdvice
{
    /// <summary>Do not reconnect without a change by the user.</summary>
    Stop,

    /// <summary>Reconnect with full jitter, 1 s growing to 30 s.</summary>
    BackOff,

    /// <summary>Reconnect now, with cursors.</summary>
    ReconnectNow,
}

public static class CloseCodes
{
    /// <summary>The class of a close code, for every code a client can meet.</summary>
    public static CloseAdvice Advice(int code) => code switch
    {
        1000 or 1003 or (>= 1007 and <= 1010) => CloseAdvice.Stop,
        >= 4000 and <= 4099 => CloseAdvice.Stop,
        >= 4200 and <= 4299 => CloseAdvice.ReconnectNow,
        _ => CloseAdvice.BackOff,
    };
}
