using Akka.Actor;

namespace Im.Node.Clustering;

/// <summary>
/// Makes the actor system before the hosted service that would only log a failure (a busy cluster port, say) and carry on:
/// here it fails the start.
/// </summary>
internal sealed class ActorSystemStart(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<ActorSystem>();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
