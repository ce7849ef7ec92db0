using Akka.Actor;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Im.Node.Health;

/// <summary>Alive: the actor system has not terminated. A node that is not alive must be restarted.</summary>
internal sealed class ActorSystemHealthCheck(ActorSystem system) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(system.WhenTerminated.IsCompleted ? HealthCheckResult.Unhealthy("the actor system has terminated") : HealthCheckResult.Healthy("alive"));
}

/// <summary>Ready: takes users. A node that is not ready gets no new ones.</summary>
internal sealed class NodeReadinessHealthCheck(NodeReadiness readiness) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(readiness.IsReady ? HealthCheckResult.Healthy("ready") : HealthCheckResult.Unhealthy(readiness.Reason));
}
