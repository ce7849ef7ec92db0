namespace Im.Node.Ingress;

/// <summary>Bounds of the server API, as the protos document them.</summary>
internal static class IngressLimits
{
    /// <summary>Largest request, as gRPC message or as JSON; above it RESOURCE_EXHAUSTED from gRPC, INVALID_ARGUMENT from HTTP.</summary>
    public const int MaxRequestBytes = 1024 * 1024;

    /// <summary>Largest <c>ext</c>, in bytes of compact JSON.</summary>
    public const int MaxExtBytes = 4 * 1024;

    /// <summary>Objects and lists inside each other in <c>ext</c>, itself counted.</summary>
    public const int MaxExtDepth = 16;

    /// <summary>Users of one PushToUsers or QueryOnline.</summary>
    public const int MaxUsersCount = 1_000;

    public const int MaxPageSize = 1_000;

    public const int DefaultPageSize = 100;

    public const int MaxTimeoutMs = 30_000;

    public const int DefaultTimeoutMs = 5_000;

    /// <summary>Bytes of UTF-8 of a reason; with its code it fits a close frame (RFC 6455 §5.5).</summary>
    public const int MaxReasonBytes = 100;

    public const int MaxConnectionIdLength = 128;

    /// <summary>A host name of 253 characters and a port.</summary>
    public const int MaxNodeLength = 260;

    public const int MaxIdempotencyKeyLength = 64;

    /// <summary>365 days, as long as the longest retention.</summary>
    public const long MaxTimeToLiveMs = 31_536_000_000;

    /// <summary>Members of a group, its owner counted.</summary>
    public const int MaxMembersCount = Actors.Conversations.GroupRules.MaxMembersCount;

    /// <summary>Bytes of UTF-8 of a group's name.</summary>
    public const int MaxGroupNameBytes = 128;

    /// <summary>Bytes of UTF-8 of a token's <c>jti</c>.</summary>
    public const int MaxTokenIdBytes = 128;

    /// <summary>The end of the year 9999, the last moment that has a date.</summary>
    public const long MaxUnixMilliseconds = 253_402_300_799_999;

    /// <summary>Records of one page of history.</summary>
    public const int MaxHistoryCount = 200;

    public const int DefaultHistoryCount = 50;

    /// <summary>Pushes of one PushStream that wait for their answer; then nothing more is read from it.</summary>
    public const int MaxStreamInFlightCount = 1_024;

    /// <summary>
    /// Pushes of all callers that wait for their answer, one for each user; a push above it is refused with UNAVAILABLE
    /// and nothing of it is sent.
    /// </summary>
    public const int MaxPushesInFlightCount = 8_192;
}
