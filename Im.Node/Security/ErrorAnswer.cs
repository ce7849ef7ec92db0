using System.Text;
using System.Text.Json;

namespace Im.Node.Security;

/// <summary>The body of an HTTP error: google.rpc.Status as JSON below <c>/api</c>, one line of text elsewhere.</summary>
internal static class ErrorAnswer
{
    public static Task WriteAsync(HttpContext context, int status, string message)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        byte[] body;
        if (IsApi(context))
        {
            response.ContentType = "application/json; charset=utf-8";
            body = JsonSerializer.SerializeToUtf8Bytes(new { code = RpcCode(status), message, details = Array.Empty<object>() });
        }
        else
        {
            response.ContentType = "text/plain; charset=utf-8";
            body = Encoding.UTF8.GetBytes(message);
        }

        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }

    public static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    /// <summary>google.rpc.Code for an HTTP status.</summary>
    private static int RpcCode(int status) => status switch
    {
        StatusCodes.Status400BadRequest => 3,
        StatusCodes.Status401Unauthorized => 16,
        StatusCodes.Status403Forbidden => 7,
        StatusCodes.Status404NotFound => 5,
        StatusCodes.Status405MethodNotAllowed => 12,
        StatusCodes.Status413PayloadTooLarge => 11,
        StatusCodes.Status421MisdirectedRequest => 7,
        StatusCodes.Status429TooManyRequests => 8,
        StatusCodes.Status503ServiceUnavailable => 14,
        >= 500 => 13,
        _ => 2,
    };
}
