using Im.Node.Ingress.Errors;
using Im.Node.Lifetime;

namespace Im.Node.Ingress.Services;

/// <summary>
/// The push streams that are open on this node. At a stop each is told to end, and nothing is stopped until all are closed on both sides, see <see cref="PushStreamEnd"/>.
/// </summary>
internal sealed class PushStreams : INodeDrain, IDisposable
{
    private readonly CancellationTokenSource _stopping;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private int _openCount;

    public PushStreams(IHostApplicationLifetime lifetime)
    {
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        Stopping = _stopping.Token;
    }

    /// <summary>The node drains, or stops without. Stays usable after the end.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Streams whose answer is not complete.</summary>
    public int OpenCount
    {
        get
        {
            lock (_gate) return _openCount;
        }
    }

    /// <summary>Counts a stream until its answer is complete, the status in its trailers included.</summary>
    /// <exception cref="Grpc.Core.RpcException">The node stops: UNAVAILABLE.</exception>
    public void Enter(HttpResponse response)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested) throw IngressErrors.Stopping().ToException();
            _openCount++;
        }

        response.OnCompleted(Leave);
    }

    public async Task DrainAsync(CancellationToken cancellation)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        EndWhenEmpty();
        await _ended.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    private Task Leave()
    {
        lock (_gate) _openCount--;
        EndWhenEmpty();
        return Task.CompletedTask;
    }

    private void EndWhenEmpty()
    {
        lock (_gate)
        {
            if (_openCount == 0 && _stopping.IsCancellationRequested) _ended.TrySetResult();
        }
    }
}
