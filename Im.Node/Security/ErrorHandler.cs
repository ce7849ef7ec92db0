using Microsoft.AspNetCore.Http.Features;

namespace Im.Node.Security;

/// <summary>
/// Turns a failure into an answer that says nothing of the inside, and gives a body to errors that have none.
/// </summary>
internal sealed partial class ErrorHandler(RequestDelegate next, ILogger<ErrorHandler> logger)
{
    /// <summary>The seed's text for a path or method that does not exist.</summary>
    private const string NotFound = "404 page not found";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, failure);
            return;
        }

        if (IsBare(context.Response)) await FillAsync(context);
    }

    private async Task AnswerAsync(HttpContext context, Exception failure)
    {
        context.Response.Clear();
        if (failure is BadHttpRequestException bad)
        {
            var message = bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "Request body too large." : "Bad request.";
            await ErrorAnswer.WriteAsync(context, bad.StatusCode, message);
            return;
        }

        LogFailure(logger, failure, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "no endpoint");
        if (context.GetEndpoint()?.Metadata.GetMetadata<ErrorAnswerMetadata>() is { } own) await own.WriteAsync(context);
        else await ErrorAnswer.WriteAsync(context, StatusCodes.Status500InternalServerError, "Internal server error.");
    }

    private static Task FillAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        if (status == StatusCodes.Status405MethodNotAllowed && !ErrorAnswer.IsApi(context))
        {
            context.Response.Headers.Remove("Allow");
            status = StatusCodes.Status404NotFound;
        }

        return ErrorAnswer.WriteAsync(context, status, status switch
        {
            StatusCodes.Status404NotFound => NotFound,
            StatusCodes.Status405MethodNotAllowed => "Method not allowed.",
            StatusCodes.Status415UnsupportedMediaType => "Unsupported media type.",
            _ => "The request was refused.",
        });
    }

    private static bool IsBare(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null }
        && response.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is not { Count: > 0 };

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed: {Method} {Endpoint}")]
    private static partial void LogFailure(ILogger logger, Exception failure, string method, string endpoint);
}
