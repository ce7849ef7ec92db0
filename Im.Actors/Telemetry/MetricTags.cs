using System.Collections.Frozen;
using System.Globalization;
using Im.Actors.Conversations.Store;
using Im.Actors.Edge;
using Im.Protocol;

namespace Im.Actors.Telemetry;

/// <summary>Values of tags, made once: a bounded set of strings, so that counting allocates nothing.</summary>
internal static class MetricTags
{
    private static readonly FrozenDictionary<ReplyCode, string> ReplyCodes =
        Enum.GetValues<ReplyCode>().ToFrozenDictionary(code => code, code => ((int)code).ToString(CultureInfo.InvariantCulture));

    private static readonly FrozenDictionary<int, string> CloseCodes =
        Enum.GetValues<CloseCode>().ToFrozenDictionary(code => (int)code, code => ((int)code).ToString(CultureInfo.InvariantCulture));

    /// <summary>What the listener answers to a request that does not become a WebSocket.</summary>
    private static readonly FrozenDictionary<int, string> Statuses =
        new[] { 400, 403, 404, 405, 408, 431, 503 }.ToFrozenDictionary(status => status, status => status.ToString(CultureInfo.InvariantCulture));

    private static readonly FrozenDictionary<DeliveryState, string> States =
        Enum.GetValues<DeliveryState>().ToFrozenDictionary(state => state, state => state.ToString().ToUpperInvariant());

    private static readonly FrozenDictionary<AppendOutcome, string> Outcomes =
        Enum.GetValues<AppendOutcome>().ToFrozenDictionary(outcome => outcome, outcome => outcome.ToString().ToLowerInvariant());

    public static string Of(AppendOutcome outcome) => Outcomes[outcome];

    public static string Of(ReplyCode code) => ReplyCodes.GetValueOrDefault(code, "other");

    public static string OfStatus(int status) => Statuses.GetValueOrDefault(status, "other");

    public static string Of(DeliveryState state) => States[state];

    public static string OfClose(int code) => CloseCodes.GetValueOrDefault(code, "other");
}
