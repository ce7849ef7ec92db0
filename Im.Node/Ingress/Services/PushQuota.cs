using Im.Node.Ingress.Errors;

namespace Im.Node.Ingress.Services;

/// <summary>Bounds the pushes that wait for an answer, over all callers; a push that does not fit is refused, not queued.</summary>
internal sealed class PushQuota
{
    private int _inFlight;

    /// <returns>Gives the places back when disposed.</returns>
    /// <exception cref="Grpc.Core.RpcException">UNAVAILABLE: nothing was sent.</exception>
    public IDisposable Take(int count)
    {
        if (Interlocked.Add(ref _inFlight, count) <= IngressLimits.MaxPushesInFlightCount) return new Places(this, count);
        Interlocked.Add(ref _inFlight, -count);
        throw IngressErrors.Overloaded($"{IngressLimits.MaxPushesInFlightCount} pushes are already waiting for their answers").ToException();
    }

    private sealed class Places(PushQuota quota, int count) : IDisposable
    {
        private int _held = count;

        public void Dispose() => Interlocked.Add(ref quota._inFlight, -Interlocked.Exchange(ref _held, 0));
    }
}
