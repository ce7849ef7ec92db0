using Akka.Actor;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Im.Actors.Conversations.Store;
using Im.Node.Ingress.Deadlines;
using Status = Grpc.Core.Status;

namespace Im.Node.Ingress.Errors;

/// <summary>
/// Turns what a service did not foresee into a status that says no more than it should: a passed deadline is
/// DEADLINE_EXCEEDED, all else INTERNAL without the exception's text, which goes to the log.
/// </summary>
internal sealed partial class ErrorInterceptor(ILogger<ErrorInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (RpcException refusal) when (refusal.StatusCode == StatusCode.Unavailable)
        {
            AdviseRetry(context);
            throw;
        }
        catch (StoreUnavailableException)
        {
            AdviseRetry(context);
            throw IngressRefusals.Unavailable().ToException();
        }
        catch (OperationCanceledException) when (context is DeadlineContext { Expired: true })
        {
            throw IngressErrors.DeadlineExceeded().ToException();
        }
        catch (Exception error) when (error is TimeoutException or AskTimeoutException)
        {
            throw IngressErrors.DeadlineExceeded().ToException();
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "The caller went away."));
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Internal(context, error);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException && context.CancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "The caller went away."));
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Internal(context, error);
        }
    }

    private RpcException Internal(ServerCallContext context, Exception error)
    {
        Failed(logger, context.Method, error);
        return IngressErrors.Internal().ToException();
    }

    /// <summary>What the details say in seconds, as the header that HTTP clients and proxies know.</summary>
    private static void AdviseRetry(ServerCallContext context)
    {
        var response = context.GetHttpContext().Response;
        if (!response.HasStarted) response.Headers.RetryAfter = IngressErrors.RetryDelay.TotalSeconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
    }

    [LoggerMessage(2, LogLevel.Error, "{Method} failed")]
    private static partial void Failed(ILogger logger, string method, Exception error);
}
