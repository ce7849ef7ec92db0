namespace Im.Node.Security;

/// <summary>Answers 421 to requests for a host that is not ours, on the HTTP and the gRPC port alike.</summary>
internal sealed class HostFilter(RequestDelegate next, KnownHosts hosts)
{
    public Task InvokeAsync(HttpContext context) =>
        hosts.Contains(context.Request.Host.Host)
            ? next(context)
            : ErrorAnswer.WriteAsync(context, StatusCodes.Status421MisdirectedRequest, "This host name is not served here.");
}
