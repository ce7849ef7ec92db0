using Im.Protocol;

namespace Im.Node.Compat;

/// <param name="Code">Success unless the message was refused.</param>
/// <param name="Duplicate">Its msgId was seen before; nothing was sent.</param>
/// <param name="Sent">At least one connection has it, or it went out to the room.</param>
/// <param name="Error">What went wrong on the way, when something did.</param>
internal sealed record SeedSendResult(ReplyCode Code, bool Duplicate = false, bool Sent = false, string? Error = null)
{
    public static readonly SeedSendResult Delivered = new(ReplyCode.Success, Sent: true);

    public static readonly SeedSendResult AlreadySent = new(ReplyCode.Success, Duplicate: true);

    public static readonly SeedSendResult Offline = new(ReplyCode.Success);
}
