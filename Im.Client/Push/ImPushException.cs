using System.Net;

namespace Im.Client.Push;

/// <summary>The server refused a call, or no attempt got an answer.</summary>
public sealed class ImPushException : Exception
{
    /// <summary>Creates it from an answer, or from the failure of the last attempt.</summary>
    public ImPushException(HttpStatusCode? status, int? code, string message, IReadOnlyList<string> violations, Exception? inner = null)
        : base(violations.Count == 0 ? message : $"{message} {string.Join(' ', violations)}", inner)
    {
        Status = status;
        Code = code;
        Violations = violations;
    }

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>The google.rpc code, such as 3 for INVALID_ARGUMENT; null when there was none.</summary>
    public int? Code { get; }

    /// <summary>What is wrong with which field.</summary>
    public IReadOnlyList<string> Violations { get; }

    /// <summary>The call may succeed later as it is. With an idempotency key it can be repeated without harm.</summary>
    public bool IsTemporary => Status is null or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway;
}
