using Grpc.Core;

namespace Im.Node.Ingress.Deadlines;

/// <summary>A call whose caller set no deadline, with one of ours. Everything else is the inner context's.</summary>
internal sealed class DeadlineContext : ServerCallContext, IDisposable
{
    // Where GetHttpContext() looks in a context that is not the framework's own.
    private const string HttpContextKey = "__HttpContext";

    private readonly ServerCallContext _inner;
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _linked;

    public DeadlineContext(ServerCallContext inner, TimeSpan timeout, TimeProvider time)
    {
        _inner = inner;
        _timeout = new CancellationTokenSource(timeout, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(inner.CancellationToken, _timeout.Token);
        inner.UserState[HttpContextKey] = inner.GetHttpContext();
        DeadlineCore = time.GetUtcNow().UtcDateTime + timeout;
    }

    /// <summary>The deadline passed, as opposed to a caller that went away.</summary>
    public bool Expired => _timeout.IsCancellationRequested;

    protected override DateTime DeadlineCore { get; }

    protected override CancellationToken CancellationTokenCore => _linked.Token;

    protected override string MethodCore => _inner.Method;

    protected override string HostCore => _inner.Host;

    protected override string PeerCore => _inner.Peer;

    protected override Metadata RequestHeadersCore => _inner.RequestHeaders;

    protected override Metadata ResponseTrailersCore => _inner.ResponseTrailers;

    protected override AuthContext AuthContextCore => _inner.AuthContext;

    protected override IDictionary<object, object> UserStateCore => _inner.UserState;

    protected override Status StatusCore
    {
        get => _inner.Status;
        set => _inner.Status = value;
    }

    protected override WriteOptions? WriteOptionsCore
    {
        get => _inner.WriteOptions;
        set => _inner.WriteOptions = value;
    }

    public void Dispose()
    {
        _linked.Dispose();
        _timeout.Dispose();
    }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => _inner.WriteResponseHeadersAsync(responseHeaders);

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => _inner.CreatePropagationToken(options);
}
