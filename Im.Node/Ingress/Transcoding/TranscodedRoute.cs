using Google.Rpc;
using Im.Node.Ingress.Errors;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http.Features;
using HttpRequest = Microsoft.AspNetCore.Http.HttpRequest;

namespace Im.Node.Ingress.Transcoding;

/// <summary>
/// What the HTTP form of a method needs before the transcoder reads it: exact path parameters, a body within its
/// bound whose errors name the field, and <c>{}</c> where a POST has none.
/// </summary>
internal sealed class TranscodedRoute
{
    private static readonly byte[] EmptyObject = "{}"u8.ToArray();

    private readonly RouteTemplate _template;
    private readonly NumberParameters _numbers;
    private readonly JsonBody _body;
    private readonly bool _hasBody;
    private readonly RequestDelegate _next;

    private TranscodedRoute(RouteEndpointBuilder endpoint, GrpcJsonTranscodingMetadata metadata)
    {
        _template = new RouteTemplate(endpoint.RoutePattern);
        _hasBody = metadata.HttpRule.Body.Length > 0;
        _numbers = new NumberParameters(metadata.MethodDescriptor, _hasBody);
        _body = new JsonBody(metadata.MethodDescriptor.InputType);
        _next = endpoint.RequestDelegate ?? throw new InvalidOperationException($"{endpoint.DisplayName} has no handler.");
    }

    /// <summary>Wraps the endpoint's handler; endpoints of the gRPC form are left alone.</summary>
    public static void Wrap(EndpointBuilder endpoint)
    {
        if (endpoint is not RouteEndpointBuilder route || endpoint.Metadata.OfType<GrpcJsonTranscodingMetadata>().FirstOrDefault() is not { } metadata) return;
        endpoint.RequestDelegate = new TranscodedRoute(route, metadata).HandleAsync;
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (await CheckAsync(context) is { Count: > 0 } violations) await StatusResponse.WriteAsync(context, IngressErrors.Invalid(violations));
        else await _next(context);
    }

    /// <returns>What is wrong; empty when the transcoder may go on.</returns>
    private async ValueTask<IReadOnlyList<BadRequest.Types.FieldViolation>> CheckAsync(HttpContext context)
    {
        if (_template.Restore(context) is { } malformed)
            return One(malformed, "the percent-encoding is malformed or not UTF-8; encode every byte of the UTF-8 text that is not a letter or digit as %XX.");
        var numbers = _numbers.Check(context.Request);
        if (numbers.Count > 0 || !_hasBody) return numbers;
        if (!CanHaveBody(context.Request)) return UseBody(context.Request, EmptyObject);
        if (!context.Request.HasJsonContentType())
            return One("body", $"content type '{context.Request.ContentType}' is not JSON; send UTF-8 as application/json.");
        var body = await ReadBodyAsync(context);
        return body is null
            ? One("body", $"larger than {IngressLimits.MaxRequestBytes} bytes; split it into several calls.")
            : UseBody(context.Request, body);
    }

    private IReadOnlyList<BadRequest.Types.FieldViolation> UseBody(HttpRequest request, byte[] body)
    {
        request.Body = new MemoryStream(body, writable: false);
        request.ContentType = "application/json";
        return _body.Check(body);
    }

    /// <returns>Null for a body above the limit.</returns>
    private static async Task<byte[]?> ReadBodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength > IngressLimits.MaxRequestBytes) return null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = IngressLimits.MaxRequestBytes;
        try
        {
            using var bytes = new MemoryStream((int)(context.Request.ContentLength ?? 0));
            await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
            return bytes.ToArray();
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }

    private static bool CanHaveBody(HttpRequest request) =>
        request.ContentLength != 0 && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false;

    private static BadRequest.Types.FieldViolation[] One(string field, string description) =>
        [new BadRequest.Types.FieldViolation { Field = field, Description = description }];
}
