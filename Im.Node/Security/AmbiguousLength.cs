using Microsoft.Net.Http.Headers;

namespace Im.Node.Security;

/// <summary>
/// Refuses a request that gives its length in two ways (RFC 9112 §6.3), and ends the connection: a proxy in front might take the other
/// one, and what is left of the body for a request. Kestrel takes the chunked one and keeps the other under a name of its own.
/// </summary>
internal sealed class AmbiguousLength(RequestDelegate next)
{
    private const string Other = "X-Content-Length";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.TransferEncoding.Count == 0 || !headers.ContainsKey(Other)) return next(context);
        context.Response.Headers[HeaderNames.Connection] = "close";
        return ErrorAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, "Content-Length and Transfer-Encoding exclude each other.");
    }
}
