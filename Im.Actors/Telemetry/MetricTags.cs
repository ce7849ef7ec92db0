using System.Collections.Frozen;
using System.Globalization;
using Im.Actors.Edge;
using Im.Protocol;

namespace Im.Actors.Telemetry;

/// <summary>Why an upgrade was refused before a connection came to be.</summary>
public enum HandshakeRefusal
{
    /// <summary>Not an upgrade to RFC 6455 version 13.</summary>
    Malformed,

    /// <summary>Headers came too slowly, or were too many.</summary>
    Limits,
    NotFound,
    Origin,
    Full,
    Draining,
}

/// <summary>Values of tags, made once: a bounded set of strings, so that counting allocates nothing.</summary>
internal static class MetricTags
{
    private static readonly FrozenDictionary<ReplyCode, string> ReplyCodes =
        Enum.GetValues<ReplyCode>().ToFrozenDictionary(code => code, code => ((int)code).ToString(CultureInfo.InvariantCulture));

    private static readonly FrozenDictionary<int, string> CloseCodes =
        Enum.GetValues<CloseCode>().ToFrozenDictionary(code => (int)code, code => ((int)code).ToString(CultureInfo.InvariantCulture));

    private static readonly FrozenDictionary<HandshakeRefusal, string> Refusals =
        Enum.GetValues<HandshakeRefusal>().ToFrozenDictionary(reason => reason, reason => reason.ToString().ToLowerInvariant());

    private static readonly FrozenDictionary<DeliveryState, string> States =
        Enum.GetValues<DeliveryState>().ToFrozenDictionary(state => state, state => state.ToString().ToUpperInvariant());

    public static string Of(ReplyCode code) => ReplyCodes.GetValueOrDefault(code, "other");

    public static string Of(HandshakeRefusal reason) => Refusals[reason];

    public static string Of(DeliveryState state) => States[state];

    public static string OfClose(int code) => CloseCodes.GetValueOrDefault(code, "other");
}
