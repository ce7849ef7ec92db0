namespace Im.Cli.Bench.Wire;

/// <summary>What a connection does one after the other; each is answered before the next.</summary>
internal enum Step : byte
{
    None,
    Connect,
    Login,
    Join,

    /// <summary>A heartbeat that asks for an answer: is the connection really alive on both ends?</summary>
    Verify,

    /// <summary>Connect and log in at once, as a client that was cut does; its time counts from when the wave asked for it.</summary>
    Return,
}

internal enum WireKind : byte
{
    /// <summary>Nothing that is counted: a count push, a keep-alive, a reply that nobody asked for.</summary>
    Other,

    /// <summary>The answer to <see cref="WireMessage.Step"/>.</summary>
    Reply,

    /// <summary>The answer to a broadcast's sender.</summary>
    Sent,

    /// <summary>A message with a <see cref="Marker"/>.</summary>
    Broadcast,
    Enter,
    Exit,
}

/// <param name="Code">200, or why not; of replies.</param>
/// <param name="Number">Of a broadcast and of the answer to its sender the broadcast's, of an enter or exit the user's.</param>
/// <param name="SentAt">Of a broadcast, on the <see cref="Marker"/>'s clock.</param>
internal readonly record struct WireMessage(WireKind Kind, Step Step = Step.None, int Code = 200, int Number = -1, long SentAt = 0)
{
    public static WireMessage Reply(Step step, int code) => new(WireKind.Reply, step, code);
}
