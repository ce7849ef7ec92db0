namespace Im.Node.Security;

/// <summary>Headers that every answer carries, whoever wrote it: control S12.</summary>
internal sealed class SecurityHeaders(RequestDelegate next, WebSocketAddress webSocket, SecuritySettings settings)
{
    private readonly string _ancestors = settings.EmbeddingOrigins.Count == 0 ? "'none'" : string.Join(' ', settings.EmbeddingOrigins);

    public Task InvokeAsync(HttpContext context)
    {
        // Late, so that a handler which clears the answer to report a failure does not clear these.
        context.Response.OnStarting(Write, context);
        return next(context);
    }

    private Task Write(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Own(context)?.Policy ?? Policy(webSocket.For(context));
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
        return Task.CompletedTask;
    }

    /// <summary>A feature stands for one answer, such as a policy with a nonce; metadata for all answers of an endpoint.</summary>
    private static CspMetadata? Own(HttpContext context) => context.Features.Get<CspMetadata>() ?? context.GetEndpoint()?.Metadata.GetMetadata<CspMetadata>();

    private string Policy(string? webSocketUrl) =>
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
        + (webSocketUrl is null ? "" : " " + Source(webSocketUrl))
        + "; object-src 'none'; base-uri 'none'; frame-ancestors " + _ancestors + "; require-trusted-types-for 'script'";

    /// <summary>CSP's grammar has no IPv6 addresses; only the scheme can be said for those.</summary>
    private static string Source(string webSocketUrl) =>
        webSocketUrl.Contains('[', StringComparison.Ordinal) ? webSocketUrl[..(webSocketUrl.IndexOf(':', StringComparison.Ordinal) + 1)] : webSocketUrl;
}
