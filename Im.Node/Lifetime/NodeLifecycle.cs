using Im.Node.Configuration;
using Im.Node.Health;
using Im.Node.Security;
using Microsoft.Extensions.Options;

namespace Im.Node.Lifetime;

/// <summary>
/// What lies between the host's own steps. After the start: the ports are known. Before the stop of any hosted service: not
/// ready, then drained; HTTP answers meanwhile, so that <c>/readyz</c> can say so.
/// </summary>
internal sealed partial class NodeLifecycle(
    NodeReadiness readiness,
    NodeAddresses addresses,
    BoundPorts ports,
    IEnumerable<INodeDrain> drains,
    IOptions<ImOptions> options,
    TimeProvider time,
    ILogger<NodeLifecycle> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        ports.Http = addresses.Http.Port;
        return Task.CompletedTask;
    }

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
