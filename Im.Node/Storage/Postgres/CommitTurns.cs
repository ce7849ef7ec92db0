namespace Im.Node.Storage.Postgres;

/// <summary>
/// One writer commits after the other, so that each takes all that has come meanwhile: a large group costs little more than a small one. Who has waited for
/// <see cref="Patience"/> goes beside the one before, since that may wait for a lock.
/// </summary>
internal sealed class CommitTurns(TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _turn = new(1);

    /// <returns>True when it is the caller's turn, to be given on by <see cref="Pass"/>; false to go beside.</returns>
    public async Task<bool> WaitAsync()
    {
        if (_turn.Wait(0)) return true;
        using var patience = new CancellationTokenSource(Patience, time);
        var turn = _turn.WaitAsync(patience.Token);
        await turn.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return turn.IsCompletedSuccessfully;
    }

    public void Pass() => _turn.Release();

    public void Dispose() => _turn.Dispose();
}
