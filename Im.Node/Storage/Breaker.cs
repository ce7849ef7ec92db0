namespace Im.Node.Storage;

/// <summary>
/// Whether the store is tried at all. Open after three failures in a row, or at once when the store is known to be away; then
/// only probes go out, one each half second, and the first that succeeds closes it. Thread-safe.
/// </summary>
/// <param name="changed">Called with true when it opened and with false when it closed; not under a lock.</param>
internal sealed class Breaker(TimeProvider time, Func<CancellationToken, Task<bool>> probe, Action<bool> changed) : IDisposable
{
    public static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(500);

    private const int Patience = 3;

    private readonly CancellationTokenSource _stopping = new();
    private int _failures;
    private int _isOpen;
    private Task _probing = Task.CompletedTask;

    public bool IsOpen => Volatile.Read(ref _isOpen) == 1;

    public void Succeeded() => Volatile.Write(ref _failures, 0);

    /// <param name="isDown">Another try at once is of no use: no connection, a time-out, a full disk.</param>
    public void Failed(bool isDown)
    {
        if (Interlocked.Increment(ref _failures) < Patience && !isDown) return;
        if (Interlocked.Exchange(ref _isOpen, 1) == 1) return;
        changed(true);
        _probing = ProbeAsync(_stopping.Token);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task ProbeAsync(CancellationToken stopping)
    {
        try
        {
            do
            {
                await Task.Delay(ProbeInterval, time, stopping).ConfigureAwait(false);
            }
            while (!await probe(stopping).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Volatile.Write(ref _failures, 0);
        Volatile.Write(ref _isOpen, 0);
        changed(false);
    }
}
