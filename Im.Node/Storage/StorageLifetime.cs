using Im.Node.Health;

namespace Im.Node.Storage;

/// <summary>Opens the store before the actors start, closes it after they have stopped, and tells readiness when it is away.</summary>
internal sealed partial class StorageLifetime(MessageStore store, NodeReadiness readiness, ILogger<StorageLifetime> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        store.AvailabilityChanged = OnAvailability;
        await store.OpenAsync(cancellationToken).ConfigureAwait(false);
        readiness.Ready(NodePart.Storage);
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await store.DisposeAsync().ConfigureAwait(false);

    private void OnAvailability(bool isAvailable)
    {
        if (isAvailable)
        {
            readiness.Ready(NodePart.Storage);
            LogBack();
        }
        else
        {
            readiness.NotReady(NodePart.Storage, "not available");
            LogAway();
        }
    }

    [LoggerMessage(LogLevel.Error, "The message store is not available: appends are refused until it answers again")]
    private partial void LogAway();

    [LoggerMessage(LogLevel.Warning, "The message store is available again")]
    private partial void LogBack();
}
