using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using HttpRequest = Microsoft.AspNetCore.Http.HttpRequest;
using HttpResponse = Microsoft.AspNetCore.Http.HttpResponse;
using RpcStatus = Google.Rpc.Status;

namespace Im.Node.Ingress.Errors;

/// <summary>Answers a request with an error before it reaches a service: a gRPC call by trailers alone, any other as JSON.</summary>
internal static class StatusResponse
{
    /// <summary>Messages that appear in the details of our errors; JSON needs to know them.</summary>
    public static readonly TypeRegistry DetailTypes =
        TypeRegistry.FromMessages(BadRequest.Descriptor, PreconditionFailure.Descriptor, RetryInfo.Descriptor, ErrorInfo.Descriptor);

    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithTypeRegistry(DetailTypes).WithFormatDefaultValues(true));

    public static Task WriteAsync(HttpContext context, RpcStatus status) =>
        IsGrpc(context.Request) ? WriteTrailersOnly(context.Response, status) : WriteJsonAsync(context, status);

    public static bool IsGrpc(HttpRequest request) =>
        request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>HTTP status of a google.rpc code, the same table as the transcoder's.</summary>
    public static int HttpStatus(Code code) => code switch
    {
        Code.InvalidArgument or Code.FailedPrecondition or Code.OutOfRange => StatusCodes.Status400BadRequest,
        Code.Unauthenticated => StatusCodes.Status401Unauthorized,
        Code.PermissionDenied => StatusCodes.Status403Forbidden,
        Code.NotFound => StatusCodes.Status404NotFound,
        Code.Unavailable => StatusCodes.Status503ServiceUnavailable,
        Code.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static Task WriteTrailersOnly(HttpResponse response, RpcStatus status)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = status.Code.ToString(System.Globalization.CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Uri.EscapeDataString(status.Message);
        response.Headers[RpcStatusExceptions.DetailsTrailer] = Convert.ToBase64String(status.ToByteArray());
        return Task.CompletedTask;
    }

    private static Task WriteJsonAsync(HttpContext context, RpcStatus status)
    {
        context.Response.StatusCode = HttpStatus((Code)status.Code);
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(Json.Format(status), context.RequestAborted);
    }
}
