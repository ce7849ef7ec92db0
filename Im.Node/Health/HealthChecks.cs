using Akka.Actor;
using Im.Actors.Administration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Im.Node.Health;

/// <summary>Alive: the actor system has not terminated. A node that is not alive must be restarted.</summary>
internal sealed class ActorSystemHealthCheck(ActorSystem system) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(system.WhenTerminated.IsCompleted ? HealthCheckResult.Unhealthy("the actor system has terminated") : HealthCheckResult.Healthy("alive"));
}

/// <summary>Ready: takes users. A node that is not ready gets no new ones.</summary>
internal sealed class NodeReadinessHealthCheck(INodeControl node) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(node.Condition is { IsReady: false, Reason: var reason } ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy("ready"));
}
