using System.Text.Json.Serialization;

namespace Im.Cli.Bench.Push;

/// <summary>How a push goes in.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PushCall>))]
internal enum PushCall
{
    /// <summary>One gRPC call each.</summary>
    Unary,

    /// <summary>Requests and answers over a few gRPC streams.</summary>
    Stream,
}

/// <param name="Calls">Measured one after the other, each with passes of its own.</param>
/// <param name="Users">Online, each the receiver of every n-th push.</param>
/// <param name="Streams">Of <see cref="PushCall.Stream"/>; the users are shared out among them, so that each user's pushes keep their order.</param>
/// <param name="InFlight">Pushes without an answer, all streams or calls together.</param>
/// <param name="Stored">Into the users' inboxes, and answered when written; else only to who is online.</param>
/// <param name="Rates">Pushes a second of the passes after the first; empty for half of what the first one reached.</param>
/// <param name="Time">Of each pass.</param>
internal sealed record PushPlan(
    IReadOnlyList<PushCall> Calls,
    int Users,
    int SizeBytes,
    int Streams,
    int InFlight,
    bool Stored,
    IReadOnlyList<int> Rates,
    TimeSpan WarmUp,
    TimeSpan Time);
