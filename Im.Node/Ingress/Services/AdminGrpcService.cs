using Grpc.Core;
using Im.Actors.Edge;
using Im.Protocol.Ingress.V1;

namespace Im.Node.Ingress.Services;

internal sealed class AdminGrpcService(IBroker broker, MemoryCollector collector) : AdminService.AdminServiceBase
{
    public override async Task<CollectResponse> Collect(CollectRequest request, ServerCallContext context)
    {
        var memory = await collector.CollectAsync(context.CancellationToken);
        var nodes = await broker.GetStateAsync(maxNames: 0, context.CancellationToken);
        var answered = nodes.Where(node => node.Answered).ToList();
        return new CollectResponse
        {
            HeapBytes = memory.HeapBytes,
            RssBytes = memory.RssBytes,
            Connections = answered.Sum(node => node.Connections),
            Sessions = answered.Sum(node => node.Sessions),
            Conversations = answered.Sum(node => node.Conversations),
            Actors = answered.Sum(node => node.Actors),
        };
    }
}
