using Im.Node.Configuration;
using Im.Node.Health;
using Microsoft.Extensions.Options;

namespace Im.Node.Lifetime;

/// <summary>
/// First step of a stop, before any hosted service is stopped: not ready, then drained. HTTP answers meanwhile, so that
/// <c>/readyz</c> can say so.
/// </summary>
internal sealed partial class DrainService(
    NodeReadiness readiness, IEnumerable<INodeDrain> drains, IOptions<ImOptions> options, TimeProvider time, ILogger<DrainService> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.BeginDrain();
        using var bound = new CancellationTokenSource(options.Value.Drain.Timeout + StopBudget.Flush, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        try
        {
            await Task.WhenAll(drains.Select(drain => drain.DrainAsync(both.Token))).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            LogCutShort();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "The drain took too long; the remaining connections are closed now")]
    private partial void LogCutShort();
}
