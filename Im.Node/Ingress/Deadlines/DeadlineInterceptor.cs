using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Im.Node.Ingress.Deadlines;

/// <summary>No call lasts for ever: one without a deadline, and every HTTP request, gets <see cref="Default"/>.</summary>
internal sealed class DeadlineInterceptor(TimeProvider time) : Interceptor
{
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (context.Deadline != DateTime.MaxValue) return await continuation(request, context);
        using var bounded = new DeadlineContext(context, Default, time);
        return await continuation(request, bounded);
    }
}
