namespace Im.Node.Security;

/// <summary>
/// Answers 403 to requests that change something and come from another site's page, which a browser sends without asking.
/// Programs send no Origin and pass.
/// </summary>
internal sealed class OriginGuard(RequestDelegate next, OriginPolicy origins)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var origin = request.Headers.Origin;
        if (IsSafe(request.Method) || origin.Count == 0 || (origin.Count == 1 && origins.IsOwn(origin[0] ?? "", request.Host.Value))) return next(context);
        return ErrorAnswer.WriteAsync(context, StatusCodes.Status403Forbidden, "Requests from other sites are not allowed.");
    }

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);
}
