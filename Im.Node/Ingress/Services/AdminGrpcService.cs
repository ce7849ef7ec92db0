using Grpc.Core;
using Im.Actors.Administration;
using Im.Actors.Edge;
using Im.Node.Ingress.Errors;
using Im.Node.Ingress.Validation;
using Im.Protocol.Ingress.V1;

namespace Im.Node.Ingress.Services;

internal sealed class AdminGrpcService(IBroker broker, IClusterAdmin cluster, MemoryCollector collector) : AdminService.AdminServiceBase
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

    public override async Task<GetClusterResponse> GetCluster(GetClusterRequest request, ServerCallContext context) =>
        ClusterMapping.ToProto(await cluster.GetClusterAsync(context.CancellationToken));

    public override async Task<DrainNodeResponse> DrainNode(DrainNodeRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var node = NameRequest.Node(request.Node, check);
        check.ThrowIfAny();

        var result = await cluster.DrainAsync(node, request.Restart, context.CancellationToken);
        return result.Outcome switch
        {
            DrainOutcome.NoSuchNode => throw IngressErrors.UnknownNode(node, result.Known).ToException(),
            DrainOutcome.NoAnswer => throw IngressErrors.SilentNode(result.Member!.Address).ToException(),
            _ => new DrainNodeResponse { Node = result.Member!.Report?.Node ?? "", Address = result.Member.Address, UnderWay = result.Outcome == DrainOutcome.UnderWay },
        };
    }
}
