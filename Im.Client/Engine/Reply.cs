using System.Text.Json;
using Im.Protocol;

namespace Im.Client.Engine;

/// <summary>The response of a reply.</summary>
/// <param name="Data">Undefined when there was none.</param>
internal sealed record Reply(ReplyCode Code, string? Message, JsonElement Data)
{
    public bool IsSuccess => Code == ReplyCode.Success;

    /// <summary>The same command may be taken later.</summary>
    public bool IsTemporary => Code is ReplyCode.RateLimited or ReplyCode.Overloaded or ReplyCode.OutcomeUnknown || Data.Flag("temporary");

    public long RetryAfterMs => Math.Clamp(Data.Number("retryAfterMs") ?? 0, 0, 60_000);

    public ImRefusedException Refusal() => new(Code, Message, Data.Text("field"));

    public static Reply Read(JsonElement response) =>
        new((ReplyCode)(int)(response.Number("code") ?? 0), response.Text("codeMsg"), response.Member("data") ?? default);
}
