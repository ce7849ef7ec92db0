using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Im.Protocol;
using RpcStatus = Google.Rpc.Status;

namespace Im.Node.Ingress.Errors;

/// <summary>What the conversations refuse, as the API says it. Each carries its reply code (docs/protocol.md) in an ErrorInfo.</summary>
internal static class IngressRefusals
{
    private const string Domain = "im";

    /// <param name="messageId">Stands as the key of a call that gave none.</param>
    /// <param name="key">The call's idempotencyKey, or null.</param>
    /// <param name="conversation">What it was about.</param>
    /// <returns>Null for Success.</returns>
    public static RpcStatus? Of(ReplyCode code, string messageId, string? key, string conversation) => code switch
    {
        ReplyCode.Success => null,
        ReplyCode.OutcomeUnknown => With(code, Code.Aborted, key is null
            ? $"The outcome is unknown: it may be stored. Send the same again with idempotencyKey={messageId} to find out and not to have it twice."
            : "The outcome is unknown: it may be stored. Retry with the same idempotencyKey."),
        ReplyCode.IdempotencyConflict => With(code, Code.AlreadyExists, $"idempotencyKey: '{key}' was used before for {conversation} with other content; nothing was stored now."),
        ReplyCode.NoSuchConversation => With(code, Code.NotFound, $"There is no {conversation}: make it by CreateGroup."),
        ReplyCode.OperationFailed => With(code, Code.AlreadyExists, $"There is a {conversation} already."),
        ReplyCode.NotAMember => With(code, Code.FailedPrecondition, "roles: names a user who is no member of the group and is not added."),
        ReplyCode.TooLarge => With(code, Code.FailedPrecondition, $"{conversation} would have more than {IngressLimits.MaxMembersCount} members; nothing was changed."),
        ReplyCode.BadParameter => With(code, Code.InvalidArgument, "The store refused the content; nothing was stored."),
        _ when code.IsTemporary() => Unavailable(code),
        _ => With(code, Code.FailedPrecondition, $"{code.Text()}; nothing was done."),
    };

    /// <summary>Surely nothing was stored.</summary>
    public static RpcStatus Unavailable(ReplyCode code = ReplyCode.Overloaded)
    {
        var status = With(code, Code.Unavailable, $"The store or the node takes no more for now; nothing was stored. Try again after {IngressErrors.RetryDelay.TotalSeconds:0} s.");
        status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(IngressErrors.RetryDelay) }));
        return status;
    }

    /// <summary>The store cannot be read now.</summary>
    public static RpcStatus CannotRead()
    {
        var status = With(ReplyCode.Overloaded, Code.Unavailable, $"The store cannot be read now. Try again after {IngressErrors.RetryDelay.TotalSeconds:0} s.");
        status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(IngressErrors.RetryDelay) }));
        return status;
    }

    public static RpcStatus NoSuchConversation(string conversation) => With(ReplyCode.NoSuchConversation, Code.NotFound, $"There is no {conversation}.");

    public static RpcStatus NoSuchDelivery(string messageId) =>
        With(ReplyCode.NoData, Code.NotFound, $"mid: no stored push to a user with the id '{messageId}' in the last 24 hours.");

    /// <param name="field">before or after.</param>
    /// <param name="first">The lowest number that is kept.</param>
    public static RpcStatus RangeNotKept(string field, long first)
    {
        var status = With(ReplyCode.RangeNotKept, Code.OutOfRange, $"{field}: what is asked for is no longer kept; the first record is {first}.");
        status.Details[0] = Any.Pack(Info(ReplyCode.RangeNotKept, ("first", first.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        return status;
    }

    private static RpcStatus With(ReplyCode code, Code status, string message) => new() { Code = (int)status, Message = message, Details = { Any.Pack(Info(code)) } };

    private static ErrorInfo Info(ReplyCode code, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var info = new ErrorInfo { Domain = Domain, Reason = NameOf(code), Metadata = { ["code"] = ((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture) } };
        foreach (var (name, value) in more) info.Metadata[name] = value;
        return info;
    }

    /// <summary>As google.rpc.ErrorInfo wants it: upper case with underscores.</summary>
    private static string NameOf(ReplyCode code) =>
        string.Concat(code.ToString().Select((c, i) => i > 0 && char.IsAsciiLetterUpper(c) ? $"_{c}" : char.ToUpperInvariant(c).ToString()));
}
