using Im.Protocol;

namespace Im.Actors.Connections;

/// <summary>
/// Where a conversation's sends of a connection begin again after one was refused for a while. What the client had sent before it heard of that comes
/// later and would overtake what was refused; it is refused too, until the refused one comes again.
/// </summary>
/// <param name="Window">With <paramref name="Number"/> the place of the refused one.</param>
/// <param name="Cid">Of the refused one; null when it had none and cannot come again.</param>
/// <param name="UntilMs">A client that gave it up is let through from then on.</param>
internal sealed record SendBarrier(long Window, long Number, string? Cid, ReplyCode Code, long UntilMs)
{
    /// <summary>Longer than what was sent before the refusal is under way.</summary>
    private const long MaxMs = 5_000;

    /// <summary>What a client is told to wait, see <see cref="ConnectionActor"/>.</summary>
    private const long WithoutCidMs = 500;

    public static SendBarrier At(OpenSend send, ReplyCode code, long nowMs) =>
        new(send.Window.Id, send.Number, send.Cid, code, nowMs + (send.Cid is null ? WithoutCidMs : MaxMs));

    public bool IsBefore(SendBarrier other) => Window < other.Window || (Window == other.Window && Number < other.Number);

    public bool Stops(string? cid, long nowMs) => nowMs < UntilMs && (cid is null || cid != Cid);
}
